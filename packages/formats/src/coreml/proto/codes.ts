import type { ArrayDType, ColorSpace } from "../model.ts";

/** Enum ArrayDataType: 65536 for floats, 131072 for signed integers, plus the width in bits. */
export const arrayCodes: Readonly<Record<ArrayDType, number>> = { float16: 65552, float32: 65568, float64: 65600, int8: 131080, int32: 131104 };

export const colorCodes: Readonly<Record<ColorSpace, number>> = { GRAYSCALE: 10, RGB: 20, BGR: 30, GRAYSCALE_FLOAT16: 40 };

/** The key whose code is `number`; null for a code that is not in the table. */
export function keyOf<Key extends string>(codes: Readonly<Record<Key, number>>, number: number): Key | null {
  return (Object.keys(codes) as Key[]).find((key) => codes[key] === number) ?? null; // the keys of the table are the union
}
