import { type Graph, type Value, valueOf } from "../graph.ts";
import { batchNormAffine } from "./fuse-batch-norm.ts";
import type { Pass } from "./pass.ts";
import { makeConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/**
 * A BatchNormalization that no Conv or Gemm could take becomes Mul and Add by constants [C, 1, …, 1]: every target has
 * these, also in int8, and fold-scale may still find a home for them.
 *
 * Does not apply while a parameter is not a float constant, in training mode, or when the rank is unknown.
 */
export const lowerBatchNorm: Pass = {
  name: "lower-batch-norm",
  summary: "writes a batch normalisation of its own as Mul and Add",
  run: (graph: Graph): Graph => rewriteEach(graph, lowerAt),
};

function lowerAt({ graph, node }: RuleContext): Edit | null {
  const affine = batchNormAffine(graph, node);
  const output = node.outputs[0] ?? "";
  const shape = valueOf(graph, output).shape;
  if (affine === null || shape === null || shape.length < 2) return null;
  const channels = [affine.scale.length, ...shape.slice(2).map(() => 1)];
  const dtype = valueOf(graph, output).dtype;
  const scale = makeConstant(freshId(graph, `${output}.scale`), { shape: channels, dtype, data: affine.scale });
  const offset = makeConstant(freshId(graph, `${output}.offset`), { shape: channels, dtype, data: affine.offset });
  const scaled: Value = { ...valueOf(graph, output), id: freshId(graph, `${output}.scaled`) };
  const mul = { ...node, op: "Mul" as const, inputs: [node.inputs[0] ?? null, scale.id], outputs: [scaled.id], attrs: {} };
  const add = { ...node, op: "Add" as const, inputs: [scaled.id, offset.id], outputs: [output], attrs: {} };
  return { replace: new Map([[node, [mul, add]]]), values: [scale, offset, scaled] };
}
