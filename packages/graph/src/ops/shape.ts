import type { Attrs } from "../graph.ts";
import type { OpDef } from "../op.ts";
import { wholeAttr } from "./attribute.ts";
import { required } from "./operand.ts";

/**
 * The dims of a tensor, as a tensor.
 *
 *   dims from start to before end; negative positions count from the back, positions outside are moved to the border
 *
 * data [any] any type → shape int64 [n]; named dims are known before running, by name. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Shape.html
 */
export const shape: OpDef = {
  name: "Shape",
  summary: "the dims of a tensor",
  spec: "https://onnx.ai/onnx/operators/onnx__Shape.html",
  inputs: ["data"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "data");
    if (x.shape === null) return [{ dtype: "int64", shape: null, elements: null }];
    const dims = takenDims(x.shape, attrs);
    return [{ dtype: "int64", shape: [dims.length], elements: dims }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate(inputs, attrs) {
    const dims = takenDims(required(inputs[0], "data").shape, attrs);
    return [{ dtype: "int64", shape: [dims.length], data: BigInt64Array.from(dims, BigInt) }];
  },
};

function takenDims<D>(dims: readonly D[], attrs: Attrs): readonly D[] {
  // Array.slice moves positions as Shape does.
  return dims.slice(wholeAttr(attrs, "start", 0), wholeAttr(attrs, "end", dims.length));
}
