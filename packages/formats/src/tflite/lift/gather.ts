import { node, valueOf } from "../build.ts";
import { int32Field } from "../flat.ts";
import { gatherOptions as fields } from "../schema.ts";
import { type Lift, given } from "./lift.ts";
import { otherQuant } from "./moves.ts";

/** GATHER along one axis, positions of any shape. Source: TFLite kernels/gather.cc. */
export const liftGather: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const positions = given(operator.inputs[1], "positions");
  const y = given(operator.outputs[0], "output");
  const axis = int32Field(operator.options, fields.axis);
  const batchDims = int32Field(operator.options, fields.batchDims);
  if (batchDims !== 0) return { why: "it gathers in batches", found: `batch_dims ${batchDims}`, expected: "0" };
  if (axis < -x.shape.length || axis >= x.shape.length) return { why: "its axis is outside of its input's rank", found: String(axis) };
  if (positions.dtype !== "int32" && positions.dtype !== "int64") return { why: "its positions have a type without a meaning here", found: positions.dtype, expected: "int32 or int64" };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  node(maker, "Gather", { inputs: [valueOf(maker, x), valueOf(maker, positions)], outputs: [valueOf(maker, y)], attrs: { axis } });
  return null;
};
