import { sameQuant } from "@edgewise/graph";
import { type Maker, int64s, node, valueOf } from "../build.ts";
import { numbersIn } from "./parameter.ts";
import type { Operand } from "../operand.ts";
import { type Lift, type Refused, given } from "./lift.ts";

/** RESHAPE, SQUEEZE, EXPAND_DIMS: the same elements in the output's shape, which the file states. Source: TFLite kernels/reshape.cc. */
export const liftReshape: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const [from, to] = [x, y].map(({ shape }) => shape.reduce((product, dim) => product * dim, 1));
  if (from !== to) return { why: "its output has another number of elements", found: `[${x.shape.join(", ")}] to [${y.shape.join(", ")}]` };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  reshape(maker, valueOf(maker, x), y);
  return null;
};

/** y = the value `from` in y's shape. */
export function reshape(maker: Maker, from: string, y: Operand): void {
  node(maker, "Reshape", { inputs: [from, int64s(maker, `${y.id}.shape`, y.shape)], outputs: [valueOf(maker, y)] });
}

/** TRANSPOSE by a constant permutation. Source: TFLite kernels/transpose.cc. */
export const liftTranspose: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const perm = numbersIn(operator.inputs[1])?.map((axis) => axis < 0 ? axis + x.shape.length : axis);
  if (!perm || perm.toSorted((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== x.shape.length) return { why: "its permutation is not a constant that names each axis once", ...(perm ? { found: perm.join(", ") } : {}) };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  node(maker, "Transpose", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)], attrs: { perm } });
  return null;
};

/** Why an operator that moves or chooses stored numbers cannot be what the file says; null when input and output agree. */
export function otherQuant(x: Operand, y: Operand): Refused | null {
  if (x.dtype === y.dtype && sameQuant(x.quant, y.quant)) return null;
  const text = ({ dtype, quant }: Operand): string => quant === null ? dtype : `${dtype} of scale ${quant.scale[0]}, zero point ${quant.zeroPoint[0]}`;
  return { why: "it takes stored numbers over, but its result has another type, scale or zero point", found: text(y), expected: text(x), fix: "Quantize the model again." };
}
