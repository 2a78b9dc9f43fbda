import type { Attrs } from "../graph.ts";
import { type OpDef } from "../op.ts";
import { wholeAttr } from "./attribute.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf, productOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { type PoolPlan, type Taps, inferPool, planPool } from "./pool-plan.ts";
import { averagePoolInt8 } from "./pool.int8.ts";
import { resultOf } from "./result.ts";
import { kernelOf } from "./window.ts";

/**
 * Mean of each sliding window.
 *
 *   y[n, c, o] = Σ over taps inside the input / taps inside the input; then the fused clamp
 *   halves: how the int8 form rounds, nothing to reals
 *   count_include_pad 1: / taps inside the input or its padding; taps beyond the padding (ceil_mode) never count
 *
 * X [N, C, spatial…] float with 1 to 3 spatial axes → Y [N, C, spatial…]. Errors: OP_SHAPE, OP_ATTRIBUTE (see window.ts).
 * Source: onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export const averagePool: OpDef = {
  name: "AveragePool",
  summary: "mean of each window",
  spec: "https://onnx.ai/onnx/operators/onnx__AveragePool.html",
  inputs: ["X"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "X");
    return [{ dtype: x.dtype, shape: inferPool(x, attrs), elements: null }];
  },
  work: (_inputs, outputs, attrs) => ({ macs: 0, elementOps: countOf(outputs[0]) * Number(productOf(kernelOf(attrs))) }),
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "X");
    const plan = planPool(x.shape, attrs);
    const data = means(realsOf(x, "X"), plan, attrs);
    clampInPlace(data, attrs);
    return [resultOf(x.dtype, plan.shape, data)];
  },
  evaluateInt8: averagePoolInt8,
};

function means(x: RealArray, plan: PoolPlan, attrs: Attrs): Float64Array {
  const [depth, rows, columns] = plan.taps;
  const countPadding = wholeAttr(attrs, "count_include_pad", 0) === 1;
  const counts = plan.taps.map((taps) => (countPadding ? taps.padded : taps.end.map((end, o) => Math.max(0, end - (taps.first[o] ?? 0)))));
  const data = new Float64Array(plan.planes * plan.outputPlane);
  let out = 0;
  for (let p = 0; p < plan.planes; p++) {
    for (let od = 0; od < depth.axis.output; od++) {
      for (let oh = 0; oh < rows.axis.output; oh++) {
        for (let ow = 0; ow < columns.axis.output; ow++) {
          const count = (counts[0]?.[od] ?? 0) * (counts[1]?.[oh] ?? 0) * (counts[2]?.[ow] ?? 0);
          data[out++] = sumOfWindow({ x, base: p * plan.inputPlane, depth, rows, columns }, [od, oh, ow]) / count;
        }
      }
    }
  }
  return data;
}

interface Plane {
  readonly x: RealArray;
  readonly base: number;
  readonly depth: Taps;
  readonly rows: Taps;
  readonly columns: Taps;
}

function sumOfWindow({ x, base, depth, rows, columns }: Plane, [od, oh, ow]: readonly [number, number, number]): number {
  let sum = 0;
  const left = ow * columns.axis.stride - columns.axis.padStart;
  const lastColumn = columns.end[ow] as number;
  for (let kd = depth.first[od] as number; kd < (depth.end[od] as number); kd++) {
    const d = od * depth.axis.stride - depth.axis.padStart + kd * depth.axis.dilation;
    for (let kh = rows.first[oh] as number; kh < (rows.end[oh] as number); kh++) {
      const h = oh * rows.axis.stride - rows.axis.padStart + kh * rows.axis.dilation;
      const row = base + (d * rows.axis.input + h) * columns.axis.input + left;
      for (let kw = columns.first[ow] as number; kw < lastColumn; kw++) sum += x[row + kw * columns.axis.dilation] as number;
    }
  }
  return sum;
}
