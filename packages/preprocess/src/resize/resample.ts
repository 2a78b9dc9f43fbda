import type { Pixels, SizePx } from "../image/pixels.ts";
import type { AxisFilter, Taps } from "./taps.ts";

export interface Resampling {
  readonly filter: AxisFilter;
  /** Size of the whole resized picture. */
  readonly target: SizePx;
  /** The part of it that is computed: a picture that is 10 000 times as wide as high never exists whole. */
  readonly window: { readonly topPx: number; readonly leftPx: number } & SizePx;
}

/**
 * Both axes at once, exactly: value = floor((2 · Σ wy · wx · pixel + W) / 2W), W = Σ wy · Σ wx — the weighted mean,
 * rounded half up once at the end. All sums are whole numbers below 2^53 for pictures within the decoder's bounds.
 */
export function resample(source: Pixels, { filter, target, window }: Resampling): Pixels {
  const { channels } = source;
  const rows = axisTaps(filter, { sourcePx: source.heightPx, targetPx: target.heightPx }, { start: window.topPx, count: window.heightPx });
  const columns = axisTaps(filter, { sourcePx: source.widthPx, targetPx: target.widthPx }, { start: window.leftPx, count: window.widthPx });
  const total = sum(rows[0]) * sum(columns[0]);
  const rowLength = window.widthPx * channels;
  const data = new Uint8Array(window.heightPx * rowLength);
  const accumulated = new Float64Array(rowLength);
  rows.forEach((row, y) => {
    accumulated.fill(0);
    row.weights.forEach((weight, i) => addRow(accumulated, source, { y: row.first + i, weight, columns }));
    for (let x = 0; x < rowLength; x++) data[y * rowLength + x] = Math.floor((2 * (accumulated[x] ?? 0) + total) / (2 * total));
  });
  return { heightPx: window.heightPx, widthPx: window.widthPx, channels, data };
}

function axisTaps(filter: AxisFilter, axis: Parameters<AxisFilter>[0], { start, count }: { readonly start: number; readonly count: number }): readonly Taps[] {
  return Array.from({ length: count }, (_, i) => filter(axis, start + i));
}

interface WeightedRow {
  readonly y: number;
  readonly weight: number;
  readonly columns: readonly Taps[];
}

/** accumulated [widthPx, channels] += weight · (row y resampled along x). */
function addRow(accumulated: Float64Array, { widthPx, channels, data }: Pixels, { y, weight, columns }: WeightedRow): void {
  const start = y * widthPx * channels;
  columns.forEach(({ first, weights }, x) => {
    for (let c = 0; c < channels; c++) {
      let mean = 0;
      for (let i = 0; i < weights.length; i++) mean += (weights[i] ?? 0) * (data[start + (first + i) * channels + c] ?? 0);
      const at = x * channels + c;
      accumulated[at] = (accumulated[at] ?? 0) + weight * mean;
    }
  });
}

function sum(taps: Taps | undefined): number {
  return taps === undefined ? 1 : taps.weights.reduce((total, weight) => total + weight, 0);
}
