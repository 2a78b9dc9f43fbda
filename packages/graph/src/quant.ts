/**
 * Affine quantization of a value: real = scale · (stored − zeroPoint).
 * `axis` null: one scale and zero point for the tensor; else one per index of that axis.
 * Scales are rounded to float32, because every target stores them so.
 */
export interface Quant {
  readonly kind: "affine";
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis: number | null;
}

export function sameQuant(a: Quant | null, b: Quant | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return a.axis === b.axis && a.scale.length === b.scale.length
    && a.scale.every((scale, i) => scale === b.scale[i])
    && a.zeroPoint.every((zero, i) => zero === b.zeroPoint[i]);
}
