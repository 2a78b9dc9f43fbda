import type { SizePx } from "../image/pixels.ts";

/** Where a picture lies after resizing: `scaled` is its size, `topPx`/`leftPx` its corner in the target (negative: cut off). */
export interface Placement {
  readonly scaled: SizePx;
  readonly topPx: number;
  readonly leftPx: number;
}

/**
 * How a picture meets the target's size.
 *
 *   stretch  both sides become the target's
 *   cover    least size that covers the target with the sides' ratio kept, cut at the centre
 *   contain  largest size inside the target with the ratio kept, centred
 *
 * The kept ratio's second side is rounded half up to whole pixels; an odd rest leaves the larger part below and right.
 */
export function placement(source: SizePx, target: SizePx, fit: "stretch" | "cover" | "contain"): Placement {
  const scaled = scaledSize(source, target, fit);
  return {
    scaled,
    topPx: centred(target.heightPx - scaled.heightPx),
    leftPx: centred(target.widthPx - scaled.widthPx),
  };
}

function scaledSize(source: SizePx, target: SizePx, fit: "stretch" | "cover" | "contain"): SizePx {
  if (fit === "stretch") return { heightPx: target.heightPx, widthPx: target.widthPx };
  const wider = source.widthPx * target.heightPx > source.heightPx * target.widthPx;
  const byHeight = fit === "cover" ? wider : !wider;
  return byHeight
    ? { heightPx: target.heightPx, widthPx: ratio(source.widthPx * target.heightPx, source.heightPx) }
    : { heightPx: ratio(source.heightPx * target.widthPx, source.widthPx), widthPx: target.widthPx };
}

/** a / b rounded half up, at least one pixel. */
function ratio(a: number, b: number): number {
  return Math.max(1, Math.floor((2 * a + b) / (2 * b)));
}

/** Half of the free (positive) or surplus (negative) pixels, the smaller half in front. */
function centred(px: number): number {
  return px >= 0 ? Math.floor(px / 2) : -Math.floor(-px / 2);
}
