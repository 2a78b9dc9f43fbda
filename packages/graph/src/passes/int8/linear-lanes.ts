import { clampTo } from "../../int8/elementwise.ts";
import { type Multiplier, scaleBy } from "../../int8/fixed-point.ts";
import type { ConvNumbers } from "../../ops/conv.int8.ts";
import type { Int8Linear } from "./linear.ts";
import type { Lanes } from "./lanes.ts";

const INT32_MAX = 2147483647;

/**
 * What an int8 Conv or Gemm can answer, channel by channel, from what its input channels can hold.
 *
 *   for each border class: sum in [bias + Σ min(w · (low − zero), w · (high − zero)), bias + Σ max(…)]
 *   y in [f(smallest sum), f(largest sum)], f the rescaling with its clamp, which never falls as the sum grows
 *
 * Exact where every input channel is constant. All of int8 where a sum or its left shift could leave int32, since it wraps
 * there. Interval arithmetic: channels are taken as independent.
 */
export function linearLanes(linear: Int8Linear, input: Lanes): Lanes {
  const { outputs, numbers } = linear;
  const low = new Int8Array(outputs);
  const high = new Int8Array(outputs);
  sumRanges(linear, input).forEach((ranges, m) => {
    const by = numbers.multipliers[m] ?? { multiplier: 0, shift: 0 };
    const ordered = ranges.every((range) => scalesInOrder(range.low, by) && scalesInOrder(range.high, by));
    low[m] = ordered ? Math.min(...ranges.map((range) => answerOf(numbers, { m, sum: range.low }))) : numbers.range.min;
    high[m] = ordered ? Math.max(...ranges.map((range) => answerOf(numbers, { m, sum: range.high }))) : numbers.range.max;
  });
  return { axis: 1, low, high };
}

/** Both ends included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The sums, with bias, that each output channel can reach in each border class: [outputs][classes]. */
export function sumRanges(linear: Int8Linear, input: Lanes): readonly (readonly Range[])[] {
  const least = new Float64Array(linear.taps);
  const most = new Float64Array(linear.taps);
  return Array.from({ length: linear.outputs }, (_, m) => {
    const bias = linear.bias[m] ?? 0;
    tapSums(linear, { m, input, least, most });
    return linear.classes.map((inside) => ({
      low: inside.reduce((sum, t) => sum + (least[t] ?? 0), bias),
      high: inside.reduce((sum, t) => sum + (most[t] ?? 0), bias),
    }));
  });
}

/** The stored number of output channel m for a sum with bias. */
export function answerOf({ multipliers, outputZero, range }: ConvNumbers, { m, sum }: { readonly m: number; readonly sum: number }): number {
  const { multiplier, shift } = multipliers[m] ?? { multiplier: 0, shift: 0 };
  return clampTo(outputZero + scaleBy(sum, multiplier, shift), range.min, range.max);
}

interface TapSums {
  readonly m: number;
  readonly input: Lanes;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** For each tap of output channel m the smallest and largest sum over its input channels. */
function tapSums({ outputs, groups, depth, taps, weights, numbers }: Int8Linear, { m, input, least, most }: TapSums): void {
  least.fill(0);
  most.fill(0);
  const first = Math.floor(m / (outputs / groups)) * depth;
  let at = m * depth * taps;
  for (let d = 0; d < depth; d++) {
    const low = (input.low[first + d] ?? -128) - numbers.inputZero;
    const high = (input.high[first + d] ?? 127) - numbers.inputZero;
    for (let t = 0; t < taps; t++) {
      const weight = weights[at++] ?? 0;
      least[t] = (least[t] ?? 0) + weight * (weight < 0 ? high : low);
      most[t] = (most[t] ?? 0) + weight * (weight < 0 ? low : high);
    }
  }
}

/** Whether a sum reaches `scaleBy` without wrapping: there its result never falls as the sum grows. */
export function scalesInOrder(sum: number, { multiplier, shift }: Multiplier): boolean {
  return multiplier >= 0 && Math.abs(sum) * 2 ** Math.max(0, shift) <= INT32_MAX;
}
