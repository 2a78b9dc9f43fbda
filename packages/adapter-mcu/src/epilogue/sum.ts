import { type Multiplier, type SumNumbers, scaleBy } from "@edgewise/graph/ops";
import { type Channel, isMonotone, referenceOf } from "./channel.ts";
import { STEPS, levelOf, thresholdsOf } from "./thresholds.ts";

/** An int8 sum or difference: y = clamp(zero + scale(aSign · a' + bSign · b')), as `sumNumbers` defines the parts. */
export interface SumTask {
  readonly numbers: SumNumbers;
  readonly aSign: 1 | -1;
  readonly bSign: 1 | -1;
}

/** The stored number at `place` (0 to 255) on an operand's way from the smallest contribution to the largest. */
function storedAt(place: number, sign: 1 | -1): number {
  return sign === 1 ? place - 128 : 127 - place;
}

/** An operand's contribution to the wide sum, by place; never falls. */
function contributions(zero: number, { multiplier, shift }: Multiplier, sign: 1 | -1): Float64Array {
  return Float64Array.from({ length: 256 }, (_, place) => sign * scaleBy((storedAt(place, sign) - zero) * 1048576, multiplier, shift));
}

/** The wide sum's requantization as a channel, over all sums of the two operands. */
export interface SumReference {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly channel: Channel;
}

/** null where the reference wraps. */
export function sumReference({ numbers, aSign, bSign }: SumTask): SumReference | null {
  const a = contributions(numbers.aZero, numbers.a, aSign);
  const b = contributions(numbers.bZero, numbers.b, bSign);
  const accumulator = { min: (a[0] as number) + (b[0] as number), max: (a[255] as number) + (b[255] as number) };
  const channel = { ...numbers.output, outputZero: numbers.outputZero, range: numbers.range, accumulator };
  const small = Math.max(numbers.a.shift, numbers.b.shift) <= 0;
  return small && isMonotone(channel) ? { a, b, channel } : null;
}

/**
 * Where the reference steps up in the plane of both operands' places.
 *
 *   result[row · 256 + i] = smallest place j of b with y(i, j) >= level of row;  256 where there is none
 *
 * One row for each level within the clamp; along a row the places never rise.
 */
export interface SumBoundary {
  readonly levels: readonly number[];
  readonly places: Uint16Array;
}

export function sumBoundary({ a, b, channel }: SumReference): SumBoundary {
  const thresholds = thresholdsOf(channel);
  const { min, max } = channel.range;
  const steps = Array.from({ length: STEPS }, (_, j) => j).filter((j) => levelOf(j) > min && levelOf(j) <= max);
  const places = new Uint16Array(steps.length * 256);
  steps.forEach((j, row) => {
    const threshold = thresholds[j] as number;
    let place = 256;
    for (let i = 0; i < 256; i++) {
      while (place > 0 && (a[i] as number) + (b[place - 1] as number) >= threshold) place--;
      places[row * 256 + i] = place;
    }
  });
  return { levels: steps.map(levelOf), places };
}

/** Whether a candidate equals the reference for all 65,536 pairs of stored numbers, after its saturation and clamp. */
export function provesSum({ aSign, bSign }: SumTask, { a, b, channel }: SumReference, candidate: (a: number, b: number) => number): boolean {
  for (let i = 0; i < 256; i++) {
    const left = storedAt(i, aSign);
    for (let j = 0; j < 256; j++) {
      if (candidate(left, storedAt(j, bSign)) !== referenceOf(channel, (a[i] as number) + (b[j] as number))) return false;
    }
  }
  return true;
}
