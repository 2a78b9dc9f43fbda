import { type Diagnostic, type Graph, type Node, type Result, type Value, type ValueId, arithmeticOf, dtypes, fail, ok, subjectOf, valueOf } from "@edgewise/graph";
import { affine } from "./affine.ts";
import { freeId } from "./free-id.ts";
import { type Range, type Ranges } from "./ranges.ts";
import { weightOnly } from "./weight-only.ts";

/** Least scale: below it a float32 number loses digits. */
const LEAST_SCALE = 2 ** -100;

/**
 * The float graph with int8 weights and, before each layer that multiplies by them, activations rounded to int8: W8A8.
 *
 *   weights      as `weightOnly`: symmetric, one scale an output channel
 *   activations  a Quantize and a Dequantize in front of Conv, ConvTranspose, Gemm and MatMul; scale = float32(max |range| / 127),
 *                zero point 0; one pair a value, read by all its layers
 *   everything else stays float, biases too
 *
 * A runtime may fuse the pair and the layer into an integer kernel; computed one by one they give the same numbers.
 * Errors, all at once: QUANT_RANGE (an activation without a finite range). An integer graph is refused: QUANT_OP.
 */
export function symmetricActivations(graph: Graph, ranges: Ranges): Result<Graph> {
  const integer = graph.nodes.filter((node) => ["int8", "quantize", "mixed"].includes(arithmeticOf(graph, node)));
  if (integer.length > 0) return fail(...integer.slice(0, 1).map((node) => problem(node, { code: "QUANT_OP", summary: "The model is quantized already", found: node.op, fix: "Give the float model, or choose int8." })));
  const stored = weightOnly(graph);
  const layers = stored.nodes.filter((node) => multipliesStored(stored, node));
  const missing = layers.flatMap((node) => rangeOfInput(node, ranges) === null ? [problem(node, {
    code: "QUANT_RANGE", summary: "Range missing", found: `no finite range for ${node.inputs[0] ?? ""}`, expected: "finite numbers, low <= high",
    fix: "Calibrate this model again: the ranges belong to another graph or the data gave no finite number.",
  })] : []);
  if (missing.length > 0) return fail(...missing);
  return ok(withPairs(stored, new Set(layers), (node) => rangeOfInput(node, ranges) ?? [0, 0]));
}

/** A layer whose weights `weightOnly` has stored, and whose first input is computed or fed. */
function multipliesStored(graph: Graph, node: Node): boolean {
  const [x, weight] = [node.inputs[0] ?? null, node.inputs[1] ?? null];
  if (!["Conv", "ConvTranspose", "Gemm", "MatMul"].includes(node.op) || x === null || weight === null) return false;
  const input = valueOf(graph, x);
  return valueOf(graph, weight).quant !== null && !input.constant && input.quant === null && dtypes[input.dtype].kind === "float";
}

function rangeOfInput(node: Node, ranges: Ranges): Range | null {
  const id = node.inputs[0] ?? "";
  const range = ranges[id];
  return range !== undefined && range.every(Number.isFinite) && range[0] <= range[1] ? range : null;
}

function withPairs(graph: Graph, layers: ReadonlySet<Node>, rangeFor: (node: Node) => Range): Graph {
  const values = new Map<ValueId, Value>(graph.values);
  const made = new Map<ValueId, ValueId>();
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const x = node.inputs[0] ?? "";
    if (!layers.has(node)) return [node];
    const known = made.get(x);
    if (known !== undefined) return [reading(node, known)];
    const source = valueOf(graph, x);
    const [low, high] = rangeFor(node);
    const most = Math.max(Math.abs(low), Math.abs(high));
    const quant = affine([most === 0 ? 1 : Math.max(LEAST_SCALE, Math.fround(most / 127))], [0]);
    const stored = freeId(values, `${x}_int8`);
    values.set(stored, { ...source, id: stored, dtype: "int8", quant, constant: null });
    const real = freeId(values, `${x}_rounded`);
    values.set(real, { ...source, id: real, constant: null });
    made.set(x, real);
    const origin = { ...node.origin, node: `${node.origin.node}_input` };
    return [
      { op: "Quantize", inputs: [x], outputs: [stored], attrs: {}, origin: { ...origin, node: `${origin.node}_quantize` } },
      { op: "Dequantize", inputs: [stored], outputs: [real], attrs: {}, origin: { ...origin, node: `${origin.node}_dequantize` } },
      reading(node, real),
    ];
  });
  return { ...graph, nodes, values };
}

function reading(node: Node, id: ValueId): Node {
  return { ...node, inputs: [id, ...node.inputs.slice(1)] };
}

function problem(node: Node, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: subjectOf(node), ...words };
}
