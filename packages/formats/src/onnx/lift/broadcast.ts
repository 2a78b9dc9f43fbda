import { type Lift, type LiftContext, type RawNode, numberAttr, without } from "./lift.ts";

/** `node` with its second operand's dims moved left by `trailing` dims of 1, which is where older sets aligned them. */
function widened(node: RawNode, trailing: { readonly count: number; readonly rank: number }, context: LiftContext): readonly RawNode[] {
  if (trailing.count <= 0) return [node];
  const [a, b] = [node.inputs[0] ?? null, node.inputs[1] ?? ""];
  const wide = context.fresh(`${b}.wide`);
  const axes = context.int64s(`${b}.axes`, Array.from({ length: trailing.count }, (_, index) => trailing.rank + index));
  return [
    { opType: "Unsqueeze", inputs: [b, axes], outputs: [wide], attrs: {}, tensors: {}, origin: node.origin },
    { ...node, inputs: [a, wide] },
  ];
}

/**
 * Add, Sub, Mul, Div before opset 7: with `broadcast` = 1, B's dims stand at A's dims from `axis` on (default: the last
 * ones). Newer broadcasting aligns the last dims, so B gets trailing dims of 1.
 */
export const liftArithmetic: Lift = (node, context) => {
  const plain = { ...node, attrs: without(node.attrs, "broadcast", "axis") };
  const axis = numberAttr(node.attrs["axis"]);
  if (context.opset >= 7 || axis === null) return [plain];
  const rankA = context.factOf(node.inputs[0] ?? "")?.shape?.length;
  const rankB = context.factOf(node.inputs[1] ?? "")?.shape?.length;
  if (rankA === undefined || rankB === undefined) return { refused: "the ranks that its broadcast axis refers to are not known" };
  return widened(plain, { count: rankA - (axis < 0 ? axis + rankA : axis) - rankB, rank: rankB }, context);
};

/** PRelu before opset 7: a slope of one dim has one element per channel, which is dim 1. */
export const liftPRelu: Lift = (node, context) => {
  const slope = context.factOf(node.inputs[1] ?? "")?.shape;
  if (context.opset >= 7 || slope?.length !== 1 || slope[0] === 1) return [node];
  const rank = context.factOf(node.inputs[0] ?? "")?.shape?.length;
  if (rank === undefined) return { refused: "the rank that its slope per channel refers to is not known" };
  return widened(node, { count: rank - 2, rank: 1 }, context);
};
