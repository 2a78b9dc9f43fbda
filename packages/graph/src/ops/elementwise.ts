import type { Attrs } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { countOf } from "./dims.ts";
import { type BigArray, type RealArray, isBig, required } from "./operand.ts";
import { resultOf, roomFor } from "./result.ts";

/** What distinguishes one element-wise op of one operand from another. */
export interface Elementwise {
  readonly name: string;
  readonly summary: string;
  readonly spec: string;
  /** Fills y from x; both have the same length. */
  reals(x: RealArray, y: RealArray, attrs: Attrs): void;
  /** For the ops that are defined on 64-bit integers. */
  bigs?(x: BigArray, y: BigArray, attrs: Attrs): void;
  readonly evaluateInt8?: NonNullable<OpDef["evaluateInt8"]>;
}

/**
 * An op that answers each number of X by itself.
 *
 *   Y has X's shape and type; one element operation a number
 *
 * Floats below 32 bits are computed in double and rounded once. Errors: OP_INPUT without X, OP_DTYPE for 64-bit integers
 * where the op has no meaning for them.
 */
export function elementwise(op: Elementwise): OpDef {
  return {
    name: op.name,
    summary: op.summary,
    spec: op.spec,
    inputs: ["X"],
    infer(inputs) {
      const x = required(inputs[0], "X");
      return [{ dtype: x.dtype, shape: x.shape, elements: null }];
    },
    work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
    evaluate(inputs, attrs) {
      const x = required(inputs[0], "X");
      const data = roomFor(x.dtype, x.data.length);
      if (!isBig(x.data) && !isBig(data)) op.reals(x.data, data, attrs);
      else if (op.bigs && isBig(x.data) && isBig(data)) op.bigs(x.data, data, attrs);
      else throw new OpError("OP_DTYPE", `${op.name} is not defined on ${x.dtype}`);
      return [resultOf(x.dtype, x.shape, data)];
    },
    ...(op.evaluateInt8 ? { evaluateInt8: op.evaluateInt8 } : {}),
  };
}
