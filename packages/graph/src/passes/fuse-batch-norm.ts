import type { Graph, Node } from "../graph.ts";
import { asLinear } from "./linear.ts";
import type { Pass } from "./pass.ts";
import { isReal, realConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";
import { type ChannelAffine, scaleOutputs } from "./scale-linear.ts";

/**
 * Works a BatchNormalization into the Conv, ConvTranspose or Gemm before it.
 *
 *   s = scale / √(variance + epsilon)      weight'[m, …] = weight[m, …] · s[m]
 *   t = shift − mean · s                   bias'[m] = bias[m] · s[m] + t[m]
 *
 * In double, rounded once. Does not apply when the convolution's result is read elsewhere or clamped, when a parameter is
 * not a float constant, in training mode, or when anything else stands before it (Pad, Concat, Relu, …): see
 * lower-batch-norm. Source: onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export const fuseBatchNorm: Pass = {
  name: "fuse-batch-norm",
  summary: "works batch normalisation into the convolution or Gemm before it",
  run: (graph: Graph): Graph => rewriteEach(graph, fuseAt),
};

function fuseAt({ graph, uses, node }: RuleContext): Edit | null {
  const affine = batchNormAffine(graph, node);
  const input = node.inputs[0] ?? null;
  if (affine === null || input === null || uses.onlyConsumer(input) !== node) return null;
  const producer = uses.producer(input);
  const linear = producer ? asLinear(graph, producer) : null;
  if (!producer || !linear || linear.outputs !== affine.scale.length) return null;
  return scaleOutputs({ graph, producer, linear, affine, last: node });
}

/** The s and t of an inference-time batch normalisation with constant parameters, on float data. */
export function batchNormAffine(graph: Graph, node: Node): ChannelAffine | null {
  if (node.op !== "BatchNormalization" || Number(node.attrs["training_mode"] ?? 0) !== 0 || node.outputs.length !== 1) return null;
  if (!isReal(graph, [node.inputs[0] ?? null, ...node.outputs])) return null;
  const parameters = [1, 2, 3, 4].map((position) => realConstant(graph, node.inputs[position]));
  const [gamma, shift, mean, variance] = parameters;
  if (!gamma || !shift || !mean || !variance) return null;
  const epsilon = Number(node.attrs["epsilon"] ?? 1e-5);
  const scale = gamma.data.map((g, i) => g / Math.sqrt((variance.data[i] ?? 0) + epsilon));
  return { scale, offset: shift.data.map((b, i) => b - (mean.data[i] ?? 0) * (scale[i] ?? 0)) };
}
