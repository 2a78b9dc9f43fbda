import type { OpDef } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { countOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { axisFrom } from "./parameter.ts";
import { resultOf, roomFor } from "./result.ts";

/** The elements start, start + step, … (count in all) of one line along the axis, and the largest of them. */
export interface Line {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly max: number;
}

/** What distinguishes Softmax from LogSoftmax. */
export interface AlongAxis {
  readonly name: string;
  readonly summary: string;
  readonly spec: string;
  line(x: RealArray, line: Line, y: RealArray): void;
  readonly evaluateInt8?: NonNullable<OpDef["evaluateInt8"]>;
}

/** An op that answers each line along one axis (attribute `axis`, last unless given) by itself; three operations a number. */
export function alongAxis(op: AlongAxis): OpDef {
  return {
    name: op.name,
    summary: op.summary,
    spec: op.spec,
    inputs: ["input"],
    infer(inputs, attrs) {
      const x = required(inputs[0], "input");
      if (x.shape && x.shape.length > 0) axisFrom(wholeAttr(attrs, "axis", -1), x.shape.length);
      return [{ dtype: x.dtype, shape: x.shape, elements: null }];
    },
    work: (_inputs, outputs) => ({ macs: 0, elementOps: 3 * countOf(outputs[0]) }),
    evaluate(inputs, attrs) {
      const x = required(inputs[0], "input");
      const from = realsOf(x, "input");
      const y = roomFor(x.dtype, from.length) as RealArray; // 64-bit integers are refused above
      const axis = x.shape.length === 0 ? 0 : axisFrom(wholeAttr(attrs, "axis", -1), x.shape.length);
      const count = x.shape[axis] ?? 1;
      const step = elementCount(x.shape.slice(axis + 1));
      for (let outer = 0; outer < from.length; outer += count * step) {
        for (let inner = 0; inner < step; inner++) {
          const start = outer + inner;
          let max = -Infinity;
          for (let i = 0, at = start; i < count; i++, at += step) max = Math.max(max, from[at] as number);
          op.line(from, { start, step, count, max }, y);
        }
      }
      return [resultOf(x.dtype, x.shape, y)];
    },
    ...(op.evaluateInt8 ? { evaluateInt8: op.evaluateInt8 } : {}),
  };
}
