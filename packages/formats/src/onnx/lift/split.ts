import { type Lift, numberList, without } from "./lift.ts";

/** Split before opset 13: attribute `split` → input. Before 18, neither means one equal part per output. */
export const liftSplit: Lift = (node, context) => {
  const list = numberList(node.attrs["split"]);
  if (list !== null) return [{ ...node, inputs: [node.inputs[0] ?? null, context.int64s(`${node.outputs[0]}.split`, list)], attrs: without(node.attrs, "split") }];
  if ((node.inputs[1] ?? null) !== null || node.attrs["num_outputs"] !== undefined) return [node];
  return [{ ...node, attrs: { ...node.attrs, num_outputs: node.outputs.length } }];
};
