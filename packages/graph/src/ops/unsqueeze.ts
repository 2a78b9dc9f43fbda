import type { Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { axisFrom } from "./parameter.ts";
import { reshaping } from "./reshaping.ts";

/**
 * Inserts dims of 1.
 *
 *   the result has a 1 at each of `axes`, counted in the result; in any order, negative from the back
 *
 * data [any], axes int64 → same elements. Errors: OP_INPUT for an axis named twice, OP_ATTRIBUTE for one outside.
 * Source: onnx.ai/onnx/operators/onnx__Unsqueeze.html
 */
export const unsqueeze: OpDef = reshaping({
  name: "Unsqueeze",
  summary: "inserts dims of 1",
  spec: "https://onnx.ai/onnx/operators/onnx__Unsqueeze.html",
  inputs: ["data", "axes"],
  shape(from, axes) {
    if (axes === null) throw new OpError("OP_INPUT", "input axes is missing");
    const known = axes.filter((axis) => typeof axis === "number");
    if (known.length < axes.length) return null;
    const rank = from.length + axes.length;
    const ones = new Set(known.map((axis) => axisFrom(axis, rank)));
    if (ones.size < known.length) throw new OpError("OP_INPUT", `axes ${known.join(", ")} name a dim twice`);
    const rest = from.values();
    return Array.from({ length: rank }, (_, axis): Dim => (ones.has(axis) ? 1 : (rest.next().value ?? 1)));
  },
});
