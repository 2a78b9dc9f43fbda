/** Largest float16 number. */
const FLOAT16_MAX = 65504;

/** Bits of a float32 mantissa that a float16 mantissa has no room for. */
const DROPPED_BITS = 13;

/** Float32's exponent bias less float16's: 127 − 15. */
const BIAS_DIFFERENCE = 112;

/**
 * Float32 numbers → little-endian float16 codes: nearest, ties to even, held within ±65504; NaN stays NaN.
 *
 *   normal     sign | (exponent − 112) | mantissa ≫ 13
 *   subnormal  sign | (2^23 + mantissa) ≫ (126 − exponent)
 *
 * with the part shifted out rounded; a carry out of the mantissa is the next exponent. Source: IEEE 754-2019, 3.6.
 */
export function halves(numbers: Float32Array): Uint8Array {
  const held = numbers.map((x) => (x > FLOAT16_MAX ? FLOAT16_MAX : x < -FLOAT16_MAX ? -FLOAT16_MAX : x));
  const words = new Uint32Array(held.buffer);
  const bytes = new Uint8Array(2 * words.length);
  for (let i = 0; i < words.length; i++) {
    const code = codeOf(words[i] ?? 0);
    bytes[2 * i] = code & 255;
    bytes[2 * i + 1] = code >>> 8;
  }
  return bytes;
}

function codeOf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 255;
  const mantissa = word & 0x7fffff;
  if (exponent === 255) return sign | 0x7e00; // infinities are held before: NaN
  if (exponent > BIAS_DIFFERENCE) return sign | shifted(((exponent - BIAS_DIFFERENCE) << 23) | mantissa, DROPPED_BITS);
  const shift = 126 - exponent;
  return shift > 24 ? sign : sign | shifted(0x800000 | mantissa, shift);
}

/** x / 2^shift to nearest, ties to even. */
function shifted(x: number, shift: number): number {
  const code = x >>> shift;
  const rest = x & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return rest > tie || (rest === tie && (code & 1) === 1) ? code + 1 : code;
}
