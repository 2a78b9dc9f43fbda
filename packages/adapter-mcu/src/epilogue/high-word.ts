const INT32 = 2147483648;

/**
 * floor(a · b / 2^32) for |a| <= 2^31 and |b| <= 2^31: the upper word of the signed product.
 *
 * Doubles that never round: `a` is split at 16 bits, so that each part of the product stays below 2^48.
 * What SMMUL gives, and SMMLA before its addition. Source: Arm Architecture Reference Manual, SMMLA.
 */
export function highWord(a: number, b: number): number {
  const top = Math.floor(a / 65536);
  const low = a - top * 65536;
  return Math.floor((top * b + Math.floor((low * b) / 65536)) / 65536);
}

export function fitsInt32(x: number): boolean {
  return x >= -INT32 && x < INT32;
}
