import { type Lift, numberAttr } from "./lift.ts";

/**
 * Softmax and LogSoftmax before opset 13: the input is seen as a matrix, dims from `axis` (default 1) on flattened.
 * Where `axis` is known to be the last, that is the newest form; else Flatten, Softmax over the rows, and the shape back.
 */
export const liftSoftmax: Lift = (node, context) => {
  if (context.opset >= 13) return [node];
  const axis = numberAttr(node.attrs["axis"]) ?? 1;
  const [input, output] = [node.inputs[0] ?? "", node.outputs[0] ?? ""];
  const rank = context.factOf(input)?.shape?.length ?? context.factOf(output)?.shape?.length ?? null;
  if (axis === -1 || (rank !== null && axis === rank - 1)) return [{ ...node, attrs: { axis: -1 } }];
  const [shape, flat, soft] = [context.fresh(`${output}.shape`), context.fresh(`${output}.rows`), context.fresh(`${output}.soft`)];
  const plain = { tensors: {}, origin: node.origin };
  return [
    { ...plain, opType: "Shape", inputs: [input], outputs: [shape], attrs: {} },
    { ...plain, opType: "Flatten", inputs: [input], outputs: [flat], attrs: { axis } },
    { ...plain, opType: node.opType, inputs: [flat], outputs: [soft], attrs: { axis: -1 } },
    { ...plain, opType: "Reshape", inputs: [soft, shape], outputs: [output], attrs: {} },
  ];
};
