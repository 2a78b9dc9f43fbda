import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import type { Quant } from "../quant.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";
import { freshId } from "./rewrite.ts";

/** Two ways to round the product of two float32 scales differ by less; a true difference is far above. */
const SCALE_ROUNDING = 2 ** -20;

/** Why constant weights do not fit int8 arithmetic (adr/0002); null when they do. */
export function weightProblem(node: Node, { id, quant, shape }: Value): string | null {
  if (quant?.zeroPoint.some((zero) => zero !== 0)) return `its weights ${id} have a zero point`;
  if (node.op === "Gemm" && [["alpha", 1], ["beta", 1], ["transA", 0]].some(([name, plain]) => (node.attrs[String(name)] ?? plain) !== plain)) {
    return "it scales or transposes its operands";
  }
  if (node.op === "ConvTranspose" && (node.attrs["group"] ?? 1) !== 1) return "it has groups";
  const outputAxis = outputAxisOf(node, shape?.length ?? 2);
  return quant?.axis === null || quant?.axis === outputAxis ? null : `its weights ${id} have a scale along axis ${quant?.axis}, not along output channels`;
}

function outputAxisOf(node: Node, rank: number): number {
  if (node.op === "ConvTranspose") return 1;
  return node.op === "Conv" || Number(node.attrs["transB"] ?? 0) !== 0 ? 0 : rank - 1;
}

/**
 * The bias as int32 at input scale · weight scale, one per channel: stored = round(real / scale).
 *
 * Integers stay as they are when the file's scale is that product, up to float32 rounding. Returns the reason when the
 * bias is not constant, not one number per channel, or too large for int32.
 */
export function quantizedBias(graph: Graph, { node, inputs }: { readonly node: Node; readonly inputs: readonly (ValueId | null)[] }): Value | string {
  const [inputId = null, weightId = null, biasId = null] = inputs;
  const input = inputId === null ? null : valueOf(graph, inputId).quant;
  const weight = weightId === null ? null : valueOf(graph, weightId).quant;
  const bias = biasId === null ? null : valueOf(graph, biasId);
  if (!input || !weight || !bias?.constant || bias.shape === null) return `its bias ${biasId} is not constant`;
  const scale = weight.scale.map((s) => Math.fround(s * (input.scale[0] ?? 1)));
  const stored = Array.from(decodeConstant(bias).data, Number);
  if (weight.axis !== null && stored.length !== scale.length) return `its bias ${biasId} is not one number per channel`;
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i] ?? 1;
  const integers = stored.map((b, i) => rescaled(b, { fact: bias.quant, to: at(scale, i), at: i }));
  if (integers.some((b) => Math.abs(b) > 2 ** 31 - 1)) return `its bias ${biasId} is too large for int32 at its scale`;
  const quant: Quant = { kind: "affine", scale, zeroPoint: scale.map(() => 0), axis: weight.axis === null ? null : 0 };
  const shape = [stored.length];
  const data = Int32Array.from(integers);
  const kept = bias.dtype === "int32" && bias.shape.length === 1 && stored.every((b, i) => b === data[i]);
  const constant = kept ? bias.constant : { bytes: encodeTensor({ dtype: "int32", shape, data }) };
  return { id: freshId(graph, `${node.outputs[0] ?? ""}.bias`), dtype: "int32", shape, quant, constant };
}

function rescaled(b: number, { fact, to, at }: { readonly fact: Quant | null; readonly to: number; readonly at: number }): number {
  if (fact === null) return Math.round(b / to);
  const one = fact.scale.length === 1 ? 0 : at;
  const from = fact.scale[one] ?? 1;
  const zero = fact.zeroPoint[one] ?? 0;
  return Math.abs(from / to - 1) <= SCALE_ROUNDING ? b - zero : Math.round(((b - zero) * from) / to);
}
