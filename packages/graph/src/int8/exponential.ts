import { highMul, shiftRound } from "./fixed-point.ts";

/**
 * exp, 1/(1+x), logistic and tanh in int32 fixed point. Qm means m integer bits: real = raw / 2^(31 − m).
 *
 *   exp(x), x <= 0      x = −k/4 + r with r in [−1/4, 0): Taylor of order 4 around −1/8, then one constant factor
 *                       exp(−2^j) for each bit j of k from −2 up to the integer bits; exp(0) = 1 − 2^−31
 *   1/(1+x), (1−x)/(1+x)  three Newton steps on half the denominator, from 48/17 − 32/17 · d
 *   logistic, tanh      by exp and these, mirrored at 0
 *
 * Every product is `highMul`. x of exp must be Q4 or Q5. Source: gemmlowp fixedpoint/fixedpoint.h.
 */

const ONE = 2147483647;
/** exp(−2^j) in Q0, j = −2 … 4. */
const EXP_OF_POWER = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242] as const;
const EXP_OF_EIGHTH = 1895147668;
const ONE_THIRD = 715827883;
/** 48/17 and −32/17 in Q2. */
const NEWTON_START = 1515870810;
const NEWTON_SLOPE = -1010580540;
const ONE_Q2 = 536870912;

/** exp of a non-positive number with `integerBits` integer bits, in Q0. */
export function expOfNegative(x: number, integerBits: number): number {
  if (x === 0) return ONE;
  const fractionBits = 31 - integerBits;
  const quarter = 1 << (fractionBits - 2);
  const rest = (x & (quarter - 1)) - quarter;
  const steps = rest - x;
  let result = expNearEighth(saturatingShift(rest, integerBits));
  for (let j = -2; j < integerBits; j++) {
    if ((steps & (1 << (fractionBits + j))) !== 0) result = highMul(result, EXP_OF_POWER[j + 2] ?? 0);
  }
  return result;
}

/** exp on [−1/4, 0), Q0 to Q0. */
function expNearEighth(x: number): number {
  const d = x + 268435456;
  const d2 = highMul(d, d);
  const d3 = highMul(d2, d);
  const d4 = highMul(d2, d2);
  const high = shiftRound((highMul((shiftRound(d4, 2) + d3) | 0, ONE_THIRD) + d2) | 0, 1);
  return (EXP_OF_EIGHTH + highMul(EXP_OF_EIGHTH, (d + high) | 0)) | 0;
}

/** x · 2^exponent, held at the int32 limits. */
function saturatingShift(x: number, exponent: number): number {
  const limit = 2 ** (31 - exponent) - 1;
  if (x > limit) return ONE;
  if (x < -limit) return -2147483648;
  return x << exponent;
}

/** 1 / d in Q2 for d = (1 + x) / 2, x in Q0 from 0 to 1. */
function reciprocalOfHalf(x: number): number {
  // Half the sum of two non-negative numbers, ties away from zero.
  const half = Math.floor((x + ONE + 1) / 2);
  let y = (NEWTON_START + highMul(half, NEWTON_SLOPE)) | 0;
  for (let step = 0; step < 3; step++) {
    const error = (ONE_Q2 - highMul(half, y)) | 0;
    y = (y + saturatingShift(highMul(y, error), 2)) | 0;
  }
  return y;
}

/** 1 / (1 + x), Q0 to Q0, x from 0 to 1. */
export function oneOverOnePlus(x: number): number {
  return saturatingShift(reciprocalOfHalf(x), 1);
}

/** (1 − x) / (1 + x), Q0 to Q0, x from 0 to 1. */
function oneMinusOverOnePlus(x: number): number {
  return saturatingShift((reciprocalOfHalf(x) - ONE_Q2) | 0, 2);
}

/** 1 / (1 + exp(−x)) of a Q4 number, in Q0. */
export function logisticOfQ4(x: number): number {
  if (x === 0) return 1073741824;
  const positive = oneOverOnePlus(expOfNegative(-Math.abs(x), 4));
  return x > 0 ? positive : ONE - positive;
}

/** tanh of a Q4 number, in Q0. */
export function tanhOfQ4(x: number): number {
  if (x === 0) return 0;
  // Doubling the argument reads the Q4 number as Q5.
  const size = oneMinusOverOnePlus(expOfNegative(-Math.abs(x), 5));
  return x < 0 ? -size : size;
}
