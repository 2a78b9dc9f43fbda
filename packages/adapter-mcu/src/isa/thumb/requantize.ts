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

/** Registers of a line: `sum` becomes the int8 before saturation; `mid` is lost. */
export interface LineRegisters {
  readonly sum: string;
  readonly upper: string;
  readonly lower: string;
  readonly start: string;
  readonly productShift: string;
  /** Where the result's shift lies in memory. */
  readonly resultShift: string;
  readonly mid: string;
}

/** sum = (sum · upper + (sum · lower >> product shift) + start) >> result shift: see line.ts. */
export function line({ sum, upper, lower, start, productShift, resultShift, mid }: LineRegisters): string {
  return `
    movs    ${mid}, ${sum}
    muls    ${mid}, ${lower}
    asrs    ${mid}, ${productShift}
    muls    ${sum}, ${upper}
    adds    ${sum}, ${sum}, ${mid}
    adds    ${sum}, ${sum}, ${start}
    ldr     ${mid}, ${resultShift}
    asrs    ${sum}, ${mid}`;
}

/** sum = sum saturated to int8. */
export function saturate(sum: string, mid: string, label: string): string {
  return `
    sxtb    ${mid}, ${sum}
    cmp     ${sum}, ${mid}
    beq     ${label}
    asrs    ${sum}, ${sum}, #31
    movs    ${mid}, #127
    eors    ${sum}, ${mid}
${label}:`;
}

/** Upper and lower part of the multiplier in `lower`: `mid` is lost. */
export function splitMultiplier({ upper, lower, productShift, mid }: Pick<LineRegisters, "upper" | "lower" | "productShift" | "mid">): string {
  return `
    movs    ${upper}, ${lower}
    lsrs    ${upper}, ${productShift}
    movs    ${mid}, ${upper}
    lsls    ${mid}, ${productShift}
    subs    ${lower}, ${lower}, ${mid}`;
}

/** The same in C. */
export const lineSource = `
/* The line's value, saturated: the product in two parts, so that it takes 32 bits. */
static int8_t ew_line(uint32_t sum, int32_t multiplier, uint32_t start, int product_shift, int result_shift)
{
    const uint32_t upper = (uint32_t)multiplier >> product_shift;
    const uint32_t lower = (uint32_t)multiplier - (upper << product_shift);
    const int32_t value = (int32_t)(sum * upper + (uint32_t)((int32_t)(sum * lower) >> product_shift) + start);
    return ew_clamp(value >> result_shift, INT8_MIN, INT8_MAX);
}
`;
