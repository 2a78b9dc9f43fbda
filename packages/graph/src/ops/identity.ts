import type { OpDef } from "../op.ts";
import { requantizeInt8 } from "./activation.int8.ts";
import { required } from "./operand.ts";

/**
 * The same tensor.
 *
 *   y = x; no work
 *
 * input [any] any type → the same. Errors: missing input. Source: onnx.ai/onnx/operators/onnx__Identity.html
 */
export const identity: OpDef = {
  name: "Identity",
  summary: "y = x",
  spec: "https://onnx.ai/onnx/operators/onnx__Identity.html",
  inputs: ["input"],
  infer: (inputs) => [required(inputs[0], "input")],
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate: (inputs) => [required(inputs[0], "input")],
  evaluateInt8: requantizeInt8,
};
