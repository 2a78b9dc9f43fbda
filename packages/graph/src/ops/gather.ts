import type { Attrs } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { allocate, elementCount, type Tensor } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { movedElements } from "./known-elements.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";
import { axisFrom, wholesOf } from "./parameter.ts";

/**
 * Takes entries along an axis by their positions.
 *
 *   output[…, i…, …] = data[…, indices[i…], …]; the dims of indices replace the axis (0 unless given)
 *
 * data [any], indices int [any], negative from the back → gathered. Errors: OP_INPUT for a position outside of the axis.
 * Source: onnx.ai/onnx/operators/onnx__Gather.html
 */
export const gather: OpDef = {
  name: "Gather",
  summary: "takes entries along an axis by their positions",
  spec: "https://onnx.ai/onnx/operators/onnx__Gather.html",
  inputs: ["data", "indices"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "data");
    const indices = required(inputs[1], "indices");
    if (x.shape === null || indices.shape === null) return [{ dtype: x.dtype, shape: null, elements: null }];
    const axis = axisFrom(wholeAttr(attrs, "axis", 0), x.shape.length);
    const elements = movedElements({ evaluate, inputs, attrs, outputCount: 1, moves: (position) => position === 0 });
    return [{ dtype: x.dtype, shape: x.shape.toSpliced(axis, 1, ...indices.shape), elements: elements?.[0] ?? null }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: movedInt8(evaluate),
};

function evaluate(inputs: readonly (Tensor | null)[], attrs: Attrs): readonly Tensor[] {
  const x = required(inputs[0], "data");
  const indices = required(inputs[1], "indices");
  const axis = axisFrom(wholeAttr(attrs, "axis", 0), x.shape.length);
  const dim = x.shape[axis] ?? 0;
  const positions = wholesOf(indices).map((position) => {
    if (position < -dim || position >= dim) throw new OpError("OP_INPUT", `position ${position} lies outside of an axis of ${dim}`);
    return position < 0 ? position + dim : position;
  });
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape);
  const block = elementCount(x.shape.slice(axis + 1));
  const outer = elementCount(x.shape.slice(0, axis));
  const data = allocate(x.dtype, elementCount(shape));
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (const position of positions) {
      const from = (i * dim + position) * block;
      data.set(x.data.subarray(from, from + block) as never, at); // same array type
      at += block;
    }
  }
  return [{ dtype: x.dtype, shape, data }];
}
