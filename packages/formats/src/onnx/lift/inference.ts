import { type Lift, numberAttr, without } from "./lift.ts";

/** Dropout at inference is the identity; a mask that is read, or a training mode, is refused. */
export const liftDropout: Lift = (node, context) => {
  const [data, , training] = node.inputs;
  const mask = node.outputs[1];
  if (mask !== undefined && mask !== "" && context.isUsed(mask)) return { refused: "its mask output is read, which is training" };
  const mode = training === null || training === undefined ? null : context.constantOf(training);
  if (training !== null && training !== undefined && (mode === null || mode.bytes[0] !== 0)) return { refused: "its training mode is not constantly off" };
  if (context.opset < 7 && numberAttr(node.attrs["is_test"]) === 0) return { refused: "it is in training mode (is_test = 0)" };
  return [{ ...node, opType: "Identity", inputs: [data ?? null], outputs: node.outputs.slice(0, 1), attrs: {} }];
};

/** BatchNormalization before opset 14 lists running statistics as outputs that inference never fills. */
export const liftBatchNormalization: Lift = (node, context) => {
  if (context.opset >= 14) return [node];
  if (node.outputs.slice(1).some((id) => id !== "" && context.isUsed(id))) return { refused: "its running statistics are read, which is training" };
  if (context.opset < 9 && numberAttr(node.attrs["spatial"]) === 0) return { refused: "statistics per activation (spatial = 0) are not supported" };
  return [{ ...node, outputs: node.outputs.slice(0, 1), attrs: without(node.attrs, "spatial", "is_test", "momentum", "consumed_inputs") }];
};

/** Gemm before opset 7 says `broadcast`; C has broadcast ever since. */
export const liftGemm: Lift = (node) => [{ ...node, attrs: without(node.attrs, "broadcast") }];

/** Concat before opset 4: axis defaults to 1. */
export const liftConcat: Lift = (node) => [node.attrs["axis"] === undefined ? { ...node, attrs: { ...node.attrs, axis: 1 } } : node];
