import { OpError, type OpDef } from "../op.ts";
import { axisFrom } from "./parameter.ts";
import { reshaping } from "./reshaping.ts";

/**
 * Removes dims of 1.
 *
 *   without the dims at `axes`; all dims of 1 when axes is left out (a named dim counts as not 1, so null)
 *
 * data [any], axes int64 → same elements. Errors: OP_SHAPE for a dim that is not 1.
 * Source: onnx.ai/onnx/operators/onnx__Squeeze.html
 */
export const squeeze: OpDef = reshaping({
  name: "Squeeze",
  summary: "removes dims of 1",
  spec: "https://onnx.ai/onnx/operators/onnx__Squeeze.html",
  inputs: ["data", "axes?"],
  shape(from, axes) {
    if (axes === null) return from.some((dim) => typeof dim === "string") ? null : from.filter((dim) => dim !== 1);
    const known = axes.filter((axis) => typeof axis === "number");
    if (known.length < axes.length) return null;
    const gone = new Set(known.map((axis) => axisFrom(axis, from.length)));
    const wrong = [...gone].find((axis) => typeof from[axis] === "number" && from[axis] !== 1);
    if (wrong !== undefined) throw new OpError("OP_SHAPE", `dim ${wrong} of [${from.join(", ")}] is not 1`);
    return from.filter((_, axis) => !gone.has(axis));
  },
});
