import { ints } from "../literal.ts";
import { type Lowering, type Use, axisOf, give, inputType, inputValue, operand, outputType, refuse, wholes } from "./use.ts";

/** Reshape, and Flatten, whose result's shape is known but for one dim → reshape; that dim is −1. With a computed shape: as computed. */
export const lowerReshape: Lowering = (use) => {
  const shape = targetShape(use);
  if (shape !== null) {
    give(use, "reshape", { x: operand(use, 0), shape: ints(shape) });
    return;
  }
  if (use.node.op === "Reshape" && inputValue(use, 1)?.constant === null) {
    give(use, "reshape", { x: operand(use, 0), shape: operand(use, 1) });
    return;
  }
  refuse(use, { summary: "A reshape keeps at most one open dim", found: outputType(use).shape.map((dim) => dim ?? "?").join(" × "), expected: "numbers, one of them open", fix: "Fix more dims of the input." });
};

function targetShape(use: Use): readonly number[] | null {
  const { shape } = outputType(use);
  return shape.filter((dim) => dim === null).length > 1 ? null : shape.map((dim) => dim ?? -1);
}

export const lowerTranspose: Lowering = (use) => {
  const { perm } = use.node.attrs;
  const rank = inputType(use, 0).shape.length;
  const order = Array.isArray(perm) ? perm.map(Number) : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  give(use, "transpose", { x: operand(use, 0), perm: ints(order) });
};

/** Squeeze → squeeze, with its axes spelled out. */
export const lowerSqueeze: Lowering = (use) => {
  const given = wholes(use, 1);
  if (given === undefined) refuseAxes(use);
  else give(use, "squeeze", { x: operand(use, 0), axes: ints(given === null ? onesOf(use) : given.map((axis) => axisOf(use, axis))) });
};

function onesOf(use: Use): readonly number[] {
  return inputType(use, 0).shape.flatMap((dim, axis) => dim === 1 ? [axis] : []);
}

/** Unsqueeze → expand_dims; axes count in the result. */
export const lowerUnsqueeze: Lowering = (use) => {
  const given = wholes(use, 1);
  const rank = outputType(use).shape.length;
  if (given === undefined || given === null) refuseAxes(use);
  else give(use, "expand_dims", { x: operand(use, 0), axes: ints(given.map((axis) => axis < 0 ? axis + rank : axis).sort((a, b) => a - b)) });
};

function refuseAxes(use: Use): void {
  refuse(use, { summary: "Axes must be constant", found: "computed axes", expected: "a constant", fix: "Export the model with fixed axes." });
}
