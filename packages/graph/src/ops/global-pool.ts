import type { Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { resultOf } from "./result.ts";

/** What distinguishes one global pool from another. */
export interface GlobalPool {
  readonly name: string;
  readonly summary: string;
  readonly spec: string;
  /** One number for the elements start to before end. */
  plane(x: RealArray, start: number, end: number): number;
  readonly evaluateInt8?: NonNullable<OpDef["evaluateInt8"]>;
}

/** An op that reduces X [N, C, spatial…] to Y [N, C, 1…], one operation an element of X. */
export function globalPool(op: GlobalPool): OpDef {
  return {
    name: op.name,
    summary: op.summary,
    spec: op.spec,
    inputs: ["X"],
    infer(inputs) {
      const x = required(inputs[0], "X");
      return [{ dtype: x.dtype, shape: x.shape && pooled(x.shape), elements: null }];
    },
    work: (inputs) => ({ macs: 0, elementOps: countOf(inputs[0]) }),
    evaluate(inputs, attrs) {
      const x = required(inputs[0], "X");
      const shape = pooled(x.shape);
      const from = realsOf(x, "X");
      const plane = elementCount(x.shape.slice(2));
      const data = Float64Array.from({ length: elementCount(shape) }, (_, i) => op.plane(from, i * plane, (i + 1) * plane));
      clampInPlace(data, attrs);
      return [resultOf(x.dtype, shape, data)];
    },
    ...(op.evaluateInt8 ? { evaluateInt8: op.evaluateInt8 } : {}),
  };
}

function pooled<D extends Dim>(shape: readonly D[]): (D | 1)[] {
  if (shape.length < 2) throw new OpError("OP_SHAPE", `X needs a batch and a channel dim, found [${shape.join(", ")}]`);
  return shape.map((dim, axis) => (axis < 2 ? dim : 1));
}
