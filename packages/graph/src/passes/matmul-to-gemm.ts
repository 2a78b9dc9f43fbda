import { type Graph, valueOf } from "../graph.ts";
import type { Pass } from "./pass.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

/**
 * MatMul of a matrix and a constant matrix becomes Gemm, which can carry a bias: the Add of a constant row and a batch
 * normalisation after it then find a home (fold-scale, fuse-batch-norm).
 *
 * Does not apply beyond two dims, to unknown ranks, or to a product of two computed values.
 */
export const matmulToGemm: Pass = {
  name: "matmul-to-gemm",
  summary: "writes MatMul by a constant matrix as Gemm",
  run: (graph: Graph): Graph => rewriteEach(graph, convertAt),
};

function convertAt({ graph, node }: RuleContext): Edit | null {
  const [left = null, right = null] = node.inputs;
  if (node.op !== "MatMul" || left === null || right === null) return null;
  const weight = valueOf(graph, right);
  if (!weight.constant || weight.shape?.length !== 2 || valueOf(graph, left).shape?.length !== 2) return null;
  return { replace: new Map([[node, [{ ...node, op: "Gemm" }]]]) };
}
