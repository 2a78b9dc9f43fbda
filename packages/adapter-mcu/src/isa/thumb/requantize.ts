import type { Channel } from "../../epilogue/channel.ts";

/** Whether the product by halves holds for a channel: |sum| <= 2^29, and a right shift behind it. */
export function fitsHalves({ accumulator: { min, max }, shift }: Channel): boolean {
  return shift <= -1 && shift >= -31 && min >= -(2 ** 29) && max <= 2 ** 29;
}

/** Bits of a right shift, below the bias in its word. */
const SHIFT_BITS = 5;

/** A channel whose bias and right shift share a word. */
export interface PackedChannel {
  readonly bias: number;
  readonly channel: Channel;
}

/** Whether a channel's bias leaves room for its right shift, and the product by halves holds. */
export function packs({ bias, channel }: PackedChannel): boolean {
  return Math.abs(bias) < 2 ** (31 - SHIFT_BITS) && fitsHalves(channel);
}

/** Per channel: 2^5 · bias + right shift, multiplier. */
export function packedRequantization(channels: readonly PackedChannel[]): Int32Array {
  return Int32Array.from(channels.flatMap(({ bias, channel: { shift, multiplier } }) => [bias * 2 ** SHIFT_BITS - shift, multiplier]));
}

/** Registers that the product by halves works in; the last two may hold anything before. */
export interface RequantizeRegisters {
  /** The sum, then the product. */
  readonly sum: string;
  /** Halves of the multiplier; they stay. */
  readonly upper: string;
  readonly lower: string;
  readonly free: readonly [string, string];
}

/**
 * sum = floor((sum · multiplier + 2^30) / 2^31) in products of 32 bits, for |sum| <= 2^29 and 0 <= multiplier < 2^31: 15
 * instructions.
 *
 *   sum = 2^16 a + b, b signed:  2 · a · upper + ((a · lower + b · upper + (b · lower >> 16) + 2^14) >> 15)
 *
 * The half of the last shift is its carry. Source: Armv6-M Architecture Reference Manual, MULS leaves the carry.
 */
export function highProduct({ sum, upper, lower, free: [b, mid] }: RequantizeRegisters): string {
  return `
    sxth    ${b}, ${sum}
    subs    ${sum}, ${sum}, ${b}
    asrs    ${sum}, ${sum}, #16
    movs    ${mid}, ${b}
    muls    ${mid}, ${lower}
    asrs    ${mid}, ${mid}, #16
    muls    ${b}, ${upper}
    adds    ${mid}, ${mid}, ${b}
    movs    ${b}, ${sum}
    muls    ${b}, ${lower}
    adds    ${mid}, ${mid}, ${b}
    muls    ${sum}, ${upper}
    adds    ${sum}, ${sum}, ${sum}
    asrs    ${mid}, ${mid}, #15
    adcs    ${sum}, ${mid}`;
}

/** sum = zero + round(sum / 2^shift), halves away from zero, 1 <= shift <= 31; `mid` is lost. */
export function roundedShift({ sum, shift, zero, mid }: { readonly sum: string; readonly shift: string; readonly zero: string; readonly mid: string }): string {
  return `
    asrs    ${mid}, ${sum}, #31
    adds    ${sum}, ${sum}, ${mid}
    ldr     ${mid}, ${zero}
    asrs    ${sum}, ${shift}
    adcs    ${sum}, ${mid}`;
}
