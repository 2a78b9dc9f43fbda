import type { Node, ValueId } from "@edgewise/graph";
import { type Lift, type LiftUse, boolOf, given, node, rankOf } from "./lift.ts";

/** linear → Gemm with the weight transposed, for matrices; else MatMul by the transposed weight, and Add. */
export const liftLinear: Lift = {
  inputs: ["x", "weight", "bias?"],
  lift(use) {
    const [x, weight, bias] = [given(use, "x"), given(use, "weight"), use.context.value("bias")];
    if (rankOf(use, x) === 2) return [node(use, { op: "Gemm", inputs: [x, weight, bias], attrs: { transB: 1 } })];
    const turned = use.context.fresh(`${weight}_transposed`);
    const nodes = [node(use, { op: "Transpose", inputs: [weight], output: turned, attrs: { perm: [1, 0] } })];
    if (bias === null) return [...nodes, node(use, { op: "MatMul", inputs: [x, turned] })];
    const product = use.context.fresh(`${use.operation.name}_product`);
    return [...nodes, node(use, { op: "MatMul", inputs: [x, turned], output: product }), node(use, { op: "Add", inputs: [product, bias] })];
  },
};

/** matmul → MatMul; transposed matrices: Gemm; transposed operands of higher rank: Transpose before it. */
export const liftMatMul: Lift = {
  inputs: ["x", "y", "transpose_x?", "transpose_y?"],
  lift(use) {
    const [x, y] = [given(use, "x"), given(use, "y")];
    const [transA, transB] = [boolOf(use, "transpose_x", false), boolOf(use, "transpose_y", false)];
    if (rankOf(use, x) === 2 && rankOf(use, y) === 2 && (transA || transB)) {
      return [node(use, { op: "Gemm", inputs: [x, y], attrs: { ...(transA ? { transA: 1 } : {}), ...(transB ? { transB: 1 } : {}) } })];
    }
    const nodes: Node[] = [];
    const left = transA ? turned(use, x, nodes) : x;
    const right = transB ? turned(use, y, nodes) : y;
    return [...nodes, node(use, { op: "MatMul", inputs: [left, right] })];
  },
};

function turned(use: LiftUse, id: ValueId, nodes: Node[]): ValueId {
  const rank = rankOf(use, id);
  const perm = Array.from({ length: rank }, (_, axis) => axis < rank - 2 ? axis : 2 * rank - 3 - axis);
  const output = use.context.fresh(`${id}_transposed`);
  nodes.push(node(use, { op: "Transpose", inputs: [id], output, attrs: { perm } }));
  return output;
}
