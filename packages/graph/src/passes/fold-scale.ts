import { type Graph, type Node, type ValueId, valueOf } from "../graph.ts";
import { sameShape } from "../shape.ts";
import { asLinear } from "./linear.ts";
import type { Pass } from "./pass.ts";
import { type RealConstant, isReal, realConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";
import { type ChannelAffine, scaleOutputs, withWeights } from "./scale-linear.ts";

/**
 * Works Add, Sub, Mul and Div by a constant per channel into the Conv, ConvTranspose or Gemm before it, or after it.
 *
 *   before: weight'[m, …] = weight[m, …] · s[m]      bias'[m] = bias[m] · s[m] + t[m]
 *   after:  weight'[m, c] = weight[m, c] · s[c]      bias'[m] = bias[m] + Σ weight[m, c] · t[c]
 *
 * In double, rounded once. Does not apply when the value between is read elsewhere, when the node before is clamped, when
 * the constant varies along anything but channels or makes the result larger, when the constant is divided or subtracted
 * from in a way that is not affine (c / x); into a convolution after it, an offset t ≠ 0 only without padding, since
 * padding adds zeros after the offset, and never into a ConvTranspose, whose elements do not all get every tap.
 */
export const foldScale: Pass = {
  name: "fold-scale",
  summary: "works constants added or multiplied per channel into a neighbouring convolution or Gemm",
  run: (graph: Graph): Graph => rewriteEach(graph, (context) => intoProducer(context) ?? intoConsumer(context)),
};

function intoProducer({ graph, uses, node }: RuleContext): Edit | null {
  const found = channelAffine(graph, node);
  if (found === null || uses.onlyConsumer(found.input) !== node) return null;
  const producer = uses.producer(found.input);
  const linear = producer ? asLinear(graph, producer) : null;
  if (!producer || !linear) return null;
  const affine = spread(found.affine, linear.outputs);
  return affine && scaleOutputs({ graph, producer, linear, affine, last: node });
}

function intoConsumer({ graph, uses, node }: RuleContext): Edit | null {
  const found = channelAffine(graph, node);
  const output = node.outputs[0] ?? "";
  const consumer = uses.onlyConsumer(output);
  if (found === null || !consumer || consumer.inputs[0] !== output) return null;
  const linear = asLinear(graph, consumer);
  const affine = linear && spread(found.affine, linear.inputs);
  if (!linear || !affine) return null;
  if (affine.offset.some((t) => t !== 0) && pads(consumer)) return null;
  const bias = Float64Array.from(linear.bias);
  const data = linear.weight.data.map((w, i) => {
    const row = linear.rowOf(i);
    const column = linear.columnOf(i);
    bias[row] = (bias[row] ?? 0) + linear.alpha * w * (affine.offset[column] ?? 0);
    return w * (affine.scale[column] ?? 1);
  });
  const fused = withWeights({ graph, node: consumer, linear, data, bias });
  const inputs = [found.input, ...fused.node.inputs.slice(1)];
  return { replace: new Map([[node, []], [consumer, [{ ...fused.node, inputs }]]]), values: fused.values };
}

/** Whether some result elements do not get a product from every tap. */
function pads(node: Node): boolean {
  if (node.op === "Gemm") return false;
  if (node.op === "ConvTranspose") return true;
  const auto = node.attrs["auto_pad"] ?? "NOTSET";
  if (auto === "VALID") return false;
  const explicit = node.attrs["pads"] ?? [];
  return auto !== "NOTSET" || (Array.isArray(explicit) && explicit.some((pad) => pad !== 0));
}

interface Found {
  readonly input: ValueId;
  readonly affine: ChannelAffine;
}

/** The node as x · s + t with one s and t per channel (axis 1), or one in all; null when it is something else. */
function channelAffine(graph: Graph, node: Node): Found | null {
  if (node.attrs["clampMin"] !== undefined || node.attrs["clampMax"] !== undefined) return null;
  const output = node.outputs[0] ?? null;
  const [left = null, right = null] = node.inputs;
  if (!isReal(graph, [left, right, output]) || output === null) return null;
  const constantRight = realConstant(graph, right);
  const constant = constantRight ?? realConstant(graph, left);
  const input = constantRight ? left : right;
  if (constant === null || input === null || valueOf(graph, input).constant) return null;
  const shape = valueOf(graph, output).shape;
  if (shape === null || !sameShape(shape, valueOf(graph, input).shape)) return null;
  if (!isPerChannel(constant, shape.length)) return null;
  const affine = affineOf(node, constant.data, constantRight !== null);
  return affine && { input, affine };
}

function affineOf(node: Node, c: Float64Array, constantOnTheRight: boolean): ChannelAffine | null {
  const all = (x: number): Float64Array => new Float64Array(c.length).fill(x);
  switch (node.op) {
    case "Mul": return { scale: c, offset: all(0) };
    case "Div": return constantOnTheRight && !c.includes(0) ? { scale: c.map((x) => 1 / x), offset: all(0) } : null;
    case "Add": return { scale: all(1), offset: c };
    case "Sub": return constantOnTheRight ? { scale: all(1), offset: c.map((x) => -x) } : { scale: all(-1), offset: c };
    default: return null;
  }
}

/** Shape broadcasts along everything but axis 1 of a result of this rank. */
function isPerChannel(constant: RealConstant, rank: number): boolean {
  if (rank < 2 || constant.shape.length > rank) return false;
  const aligned = [...Array<number>(rank - constant.shape.length).fill(1), ...constant.shape];
  return aligned.every((dim, axis) => dim === 1 || axis === 1);
}

/** One entry per channel; null when there are neither one nor that many. */
function spread({ scale, offset }: ChannelAffine, channels: number): ChannelAffine | null {
  if (scale.length === channels) return { scale, offset };
  if (scale.length !== 1) return null;
  return { scale: new Float64Array(channels).fill(scale[0] ?? 1), offset: new Float64Array(channels).fill(offset[0] ?? 0) };
}
