import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import { ops } from "../ops/registry.ts";
import type { OpName } from "../op.ts";
import { dataInputs } from "../quant-rule.ts";
import { type Quant, sameQuant } from "../quant.ts";
import { clampOf, withClamp } from "./fuse-activation.ts";
import type { Pass } from "./pass.ts";
import { quantizedBias, weightProblem } from "./quantized-linear.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/** Results that int8 arithmetic fixes (TFLite's kernels); another scale is reached by a Quantize after it. */
const fixedResults: Partial<Record<OpName, Quant>> = {
  Softmax: { kind: "affine", scale: [1 / 256], zeroPoint: [-128], axis: null },
  Sigmoid: { kind: "affine", scale: [1 / 256], zeroPoint: [-128], axis: null },
  Tanh: { kind: "affine", scale: [1 / 128], zeroPoint: [0], axis: null },
};

/** Ops whose int8 result has the scale and zero point of its operands. */
const keepsFact: ReadonlySet<OpName> = new Set<OpName>([
  "MaxPool", "AveragePool", "GlobalMaxPool", "Resize", "Concat", "Pad", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Identity",
  "Min", "Max",
]);

/** Of these, the ops of several operands: an operand of another fact than the result's is requantized first. */
const joins: ReadonlySet<OpName> = new Set<OpName>(["Concat", "Min", "Max"]);

/**
 * Dequantize → op → Quantize becomes the op on integers, for every op that has an int8 form.
 *
 *   data inputs: read the integers below their Dequantize; constants must carry facts
 *   bias:        int32 at input scale · weight scale; a float bias, or one of another scale, is rounded to it
 *   joined:      operands of Concat, Min, Max of another fact than the result's get a Quantize to it
 *   result:      the integers above its Quantize; where the int8 form fixes or keeps the scale, a Quantize to the file's
 *                scale remains
 *   clamp:       dropped where the result's range implies it
 *
 * Does not apply when an operand or the result is not quantized, is quantized per channel or not int8, when the result is
 * read by anything else, when weights have a zero point, or a scale along another axis than output channels.
 * `floatReasons` tells why a node stayed in float.
 */
export const absorbQdq: Pass = {
  name: "absorb-qdq",
  summary: "runs an op between Dequantize and Quantize on integers",
  run: (graph: Graph): Graph => rewriteEach(graph, (context) => {
    const found = absorption(context);
    return "edit" in found ? found.edit : null;
  }),
};

type Absorption = { readonly edit: Edit } | { readonly reason: string };

/** The edit that puts a node on integers, or why there is none. */
export function absorption(context: RuleContext): Absorption {
  const { graph, uses, node } = context;
  const [output = null] = node.outputs;
  if (output === null || node.outputs.length !== 1 || ops[node.op].evaluateInt8 === undefined) return { reason: `${node.op} has no int8 form here` };
  if (node.op === "Quantize" || node.op === "Dequantize" || valueOf(graph, output).quant) return { reason: "it is not float" };
  const quantize = uses.onlyConsumer(output);
  const resultId = quantize?.op === "Quantize" ? (quantize.outputs[0] ?? null) : null;
  if (!quantize || resultId === null) return { reason: `its result ${output} is not quantized, or is also read as float` };
  const result = valueOf(graph, resultId);
  if (result.dtype !== "int8" || result.quant?.axis !== null) return { reason: `its result ${output} is not int8 of one scale` };
  const operands = operandsOf(context);
  if (typeof operands === "string") return { reason: operands };
  if (joins.has(node.op)) return { edit: joined({ graph, node, quantize, result: { ...result, quant: result.quant }, made: result.quant, operands }) };
  const made = resultFact(graph, { node, operands: operands.inputs, asked: result.quant });
  return { edit: absorbed({ graph, node, quantize, result: { ...result, quant: result.quant }, made, operands }) };
}

interface Operands {
  readonly inputs: readonly (ValueId | null)[];
  readonly values: readonly Value[];
}

/** Inputs on integers, or the reason why one is not. */
function operandsOf({ graph, uses, node }: RuleContext): Operands | string {
  const data = new Set(dataInputs(node));
  const linear = node.op === "Conv" || node.op === "ConvTranspose" || node.op === "Gemm" || node.op === "MatMul";
  const inputs: (ValueId | null)[] = [];
  for (const [position, id] of node.inputs.entries()) {
    if (id === null || !data.has(id) || (linear && position === 2)) { inputs.push(id); continue; }
    const producer = uses.producer(id);
    const source = producer?.op === "Dequantize" ? (producer.inputs[0] ?? id) : id;
    const { dtype, quant, constant } = valueOf(graph, source);
    if (quant === null) return `its input ${id} is not quantized`;
    if (dtype !== "int8" || (quant.axis !== null && !(linear && position === 1))) return `its input ${id} is not int8 of one scale`;
    if (linear && position === 1 && constant) {
      const problem = weightProblem(node, valueOf(graph, source));
      if (problem !== null) return problem;
    }
    inputs.push(source);
  }
  if (!linear || (inputs[2] ?? null) === null) return { inputs, values: [] };
  const bias = quantizedBias(graph, { node, inputs });
  return typeof bias === "string" ? bias : { inputs: [inputs[0] ?? null, inputs[1] ?? null, bias.id], values: [bias] };
}

function resultFact(graph: Graph, { node, operands, asked }: { readonly node: Node; readonly operands: readonly (ValueId | null)[]; readonly asked: Quant }): Quant {
  const fixed = fixedResults[node.op];
  if (fixed) return fixed;
  const [first = null] = operands;
  return keepsFact.has(node.op) && first !== null ? (valueOf(graph, first).quant ?? asked) : asked;
}

interface Absorbed {
  readonly graph: Graph;
  readonly node: Node;
  readonly quantize: Node;
  readonly result: Value & { readonly quant: Quant };
  readonly made: Quant;
  readonly operands: Operands;
}

function absorbed({ graph, node, quantize, result, made, operands }: Absorbed): Edit {
  if (sameQuant(made, result.quant)) {
    const whole = withoutImpliedClamp({ ...node, inputs: operands.inputs, outputs: [result.id] }, made);
    return { replace: new Map([[node, []], [quantize, [whole]]]), values: operands.values };
  }
  if (node.op === "AveragePool" && coversPlane(graph, node)) {
    const { kernel_shape: _kernel, strides: _strides, pads: _pads, auto_pad: _auto, ceil_mode: _ceil, count_include_pad: _count, dilations: _dilations, halves: _halves, ...attrs } = node.attrs;
    return absorbed({ graph, quantize, result, operands, made: result.quant, node: { ...node, op: "GlobalAveragePool", attrs } });
  }
  const between: Value = { ...result, id: freshId(graph, `${result.id}.kept`), quant: made };
  const kept = withoutImpliedClamp({ ...node, inputs: operands.inputs, outputs: [between.id] }, made);
  return { replace: new Map([[node, []], [quantize, [kept, { ...quantize, inputs: [between.id] }]]]), values: [...operands.values, between] };
}

/** The op on operands that have the result's fact: those that have another are requantized, each once. */
function joined({ graph, node, quantize, result, operands, made }: Absorbed): Edit {
  const values: Value[] = [];
  const nodes: Node[] = [];
  const brought = new Map<ValueId, ValueId>();
  const inputs = operands.inputs.map((id, position) => {
    if (id === null || sameQuant(valueOf(graph, id).quant, made)) return id;
    const known = brought.get(id);
    if (known !== undefined) return known;
    const value = valueOf(graph, id);
    const to: Value = { id: freshId(graph, `${result.id}.operand${position}`), dtype: "int8", shape: value.shape, quant: made, constant: null };
    values.push(to);
    nodes.push({ op: "Quantize", inputs: [id], outputs: [to.id], attrs: {}, origin: node.origin });
    brought.set(id, to.id);
    return to.id;
  });
  return { replace: new Map([[node, []], [quantize, [...nodes, { ...node, inputs, outputs: [result.id] }]]]), values };
}

/** One window over the whole plane, without padding: the mean of the plane, which may change scale. */
function coversPlane(graph: Graph, node: Node): boolean {
  const plane = valueOf(graph, node.inputs[0] ?? "").shape?.slice(2);
  const kernel = node.attrs["kernel_shape"];
  const pads = node.attrs["pads"] ?? [];
  if (!plane || !Array.isArray(kernel) || !Array.isArray(pads) || pads.some((pad) => pad !== 0)) return false;
  const auto = node.attrs["auto_pad"] ?? "NOTSET";
  return (auto === "NOTSET" || auto === "VALID") && kernel.length === plane.length && kernel.every((k, i) => k === plane[i]);
}

/** int8 saturates at −128 and 127: a limit at or beyond what these stand for says nothing. */
function withoutImpliedClamp(node: Node, quant: Quant): Node {
  const { low, high } = clampOf(node);
  if (low === -Infinity && high === Infinity) return node;
  const scale = quant.scale[0] ?? 1;
  const zero = quant.zeroPoint[0] ?? 0;
  const stored = (limit: number): number => Math.round(limit / scale) + zero;
  return withClamp(node, { low: stored(low) <= -128 ? -Infinity : low, high: stored(high) >= 127 ? Infinity : high });
}
