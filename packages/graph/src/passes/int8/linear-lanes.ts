import { clampTo } from "../../int8/elementwise.ts";
import { type Multiplier, scaleBy } from "../../int8/fixed-point.ts";
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
  const { outputs, taps } = linear;
  const low = new Int8Array(outputs);
  const high = new Int8Array(outputs);
  const least = new Float64Array(taps);
  const most = new Float64Array(taps);
  for (let m = 0; m < outputs; m++) {
    tapSums(linear, { m, input, least, most });
    const range = answerRange(linear, { m, least, most });
    low[m] = range.low;
    high[m] = range.high;
  }
  return { axis: 1, low, high };
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

function answerRange({ bias, numbers, classes }: Int8Linear, { m, least, most }: Omit<TapSums, "input">): { readonly low: number; readonly high: number } {
  const multiplier = numbers.multipliers[m] ?? { multiplier: 0, shift: 0 };
  const { outputZero, range: { min, max } } = numbers;
  let low = 127;
  let high = -128;
  for (const inside of classes) {
    const smallest = inside.reduce((sum, t) => sum + (least[t] ?? 0), bias[m] ?? 0);
    const largest = inside.reduce((sum, t) => sum + (most[t] ?? 0), bias[m] ?? 0);
    if (!scalesInOrder(smallest, multiplier) || !scalesInOrder(largest, multiplier)) return { low: min, high: max };
    low = Math.min(low, clampTo(outputZero + scaleBy(smallest, multiplier.multiplier, multiplier.shift), min, max));
    high = Math.max(high, clampTo(outputZero + scaleBy(largest, multiplier.multiplier, multiplier.shift), min, max));
  }
  return { low, high };
}

/** Whether a sum reaches `scaleBy` without wrapping: there its result never falls as the sum grows. */
export function scalesInOrder(sum: number, { multiplier, shift }: Multiplier): boolean {
  return multiplier >= 0 && Math.abs(sum) * 2 ** Math.max(0, shift) <= INT32_MAX;
}
