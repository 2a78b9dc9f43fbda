import { type Graph, type Node, valueOf } from "../graph.ts";
import type { OpName } from "../op.ts";
import { dataInputs } from "../quant-rule.ts";
import { type Quant, sameQuant } from "../quant.ts";
import type { Pass } from "./pass.ts";
import { isReal } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/** Ops that only choose and move elements: they commute with any quantization that is the same for all elements. */
const movers: ReadonlySet<OpName> = new Set<OpName>([
  "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Concat", "MaxPool", "GlobalMaxPool",
]);

/**
 * Moves Dequantize down and Quantize up through ops that only choose and move elements, so that these run on integers; and
 * joins a Dequantize and the Quantize after it into one Quantize from integers to integers.
 *
 *   mover(dequantize(q)) = dequantize(mover(q))      quantize(mover(x)) = mover(quantize(x))
 *
 * Exact, for MaxPool too: quantization keeps order. Does not apply to facts per channel, to pools with a clamp or with
 * indices, to a Concat of values with different facts (going down), or when a moved result is read elsewhere (going up).
 */
export const moveQuantize: Pass = {
  name: "move-quantize",
  summary: "runs ops that only move elements on integers",
  run: (graph: Graph): Graph => rewriteEach(graph, (context) => joinAt(context) ?? downAt(context) ?? upAt(context)),
};

function isMover(node: Node): boolean {
  return movers.has(node.op) && node.outputs.length === 1 && node.attrs["clampMin"] === undefined && node.attrs["clampMax"] === undefined;
}

/** Quantize(Dequantize(q)) → Quantize(q); a second Quantize of the same value with the same fact → the first. */
function joinAt({ graph, uses, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Quantize" || input === null || output === null) return null;
  const producer = uses.producer(input);
  if (producer?.op === "Dequantize") return { replace: new Map([[node, [{ ...node, inputs: producer.inputs }]]]) };
  const made = valueOf(graph, output);
  const twin = uses.consumers(input).find((other) => other.op === "Quantize" && other !== node);
  const twinId = twin?.outputs[0] ?? null;
  if (!twin || twinId === null || uses.isOutput(twinId)) return null;
  const same = valueOf(graph, twinId).dtype === made.dtype && sameQuant(valueOf(graph, twinId).quant, made.quant);
  if (!same || graph.nodes.indexOf(twin) < graph.nodes.indexOf(node)) return null;
  return { replace: new Map([[twin, []]]), rename: new Map([[twinId, output]]) };
}

function downAt({ graph, uses, node }: RuleContext): Edit | null {
  const [output = null] = node.outputs;
  if (!isMover(node) || output === null || !isReal(graph, [output])) return null;
  const data = dataInputs(node);
  const sources = data.map((id) => {
    const producer = uses.producer(id);
    return producer?.op === "Dequantize" ? (producer.inputs[0] ?? null) : null;
  });
  const [first = null] = sources;
  if (first === null) return null;
  const { dtype, quant } = valueOf(graph, first);
  const agree = sources.every((id) => id !== null && valueOf(graph, id).dtype === dtype && sameQuant(valueOf(graph, id).quant, quant));
  if (!agree || quant?.axis !== null) return null;
  const moved = { ...valueOf(graph, output), id: freshId(graph, `${output}.quantized`), dtype, quant };
  const inputs = [...sources, ...node.inputs.slice(sources.length)];
  const dequantize: Node = { op: "Dequantize", inputs: [moved.id], outputs: [output], attrs: {}, origin: node.origin };
  return { replace: new Map([[node, [{ ...node, inputs, outputs: [moved.id] }, dequantize]]]), values: [moved] };
}

function upAt({ graph, uses, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Quantize" || input === null || output === null || uses.onlyConsumer(input) !== node) return null;
  const mover = uses.producer(input);
  const { dtype, quant } = valueOf(graph, output);
  if (!mover || !isMover(mover) || quant?.axis !== null || !isReal(graph, [input])) return null;
  const data = dataInputs(mover);
  if (data.some((id) => valueOf(graph, id).constant)) return null;
  const taken: Quant = quant;
  const moved = data.map((id, i) => ({ ...valueOf(graph, id), id: freshId(graph, `${output}.part${i}`), dtype, quant: taken }));
  const quantizes = data.map((id, i): Node => ({ ...node, inputs: [id], outputs: [moved[i]?.id ?? ""] }));
  const inputs = [...moved.map(({ id }) => id), ...mover.inputs.slice(data.length)];
  return { replace: new Map([[mover, []], [node, [...quantizes, { ...mover, inputs, outputs: [output] }]]]), values: moved };
}
