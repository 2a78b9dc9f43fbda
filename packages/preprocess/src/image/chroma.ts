import type { SizePx } from "./pixels.ts";

/** Luma and chroma [heightPx, widthPx, 3] in one buffer, chroma repeated from a plane of half the width (and height). */
export interface RepeatedChroma extends SizePx {
  readonly data: Uint8Array;
  /** 1: as stored; 2: each stored sample stands on two pixels of this axis. */
  readonly across: 1 | 2;
  readonly down: 1 | 2;
}

/**
 * Smooths repeated chroma in place, and turns luma and chroma into red, green and blue.
 *
 *   two across    (3 · nearer + further) / 4 with alternating rounding 1, 2
 *   also two down the same along both axes, weights 9, 3, 3, 1 of 16, alternating rounding 8, 7
 *   R = Y + 1.402 · Cr,  G = Y − 0.344136 · Cb − 0.714136 · Cr,  B = Y + 1.772 · Cb, rounded, weights in 1/65536
 *
 * A sample beyond the picture is the last one inside. This is what decoders of phones, browsers and training pipelines
 * do by default. Source: ITU-T T.871, 7; triangle filter as described in libjpeg's documentation of "fancy upsampling".
 */
export function toRgb(picture: RepeatedChroma): Uint8Array {
  const { heightPx, widthPx, across } = picture;
  const rgb = new Uint8Array(picture.data.length);
  const [blue, red] = [1, 2].map((channel) => across === 2 ? smoothed(picture, channel) : plane(picture, channel));
  for (let i = 0; i < heightPx * widthPx; i++) {
    const luma = picture.data[3 * i] ?? 0;
    const cb = (blue?.[i] ?? 128) - 128;
    const cr = (red?.[i] ?? 128) - 128;
    rgb[3 * i] = held(luma + ((91_881 * cr + 32_768) >> 16));
    rgb[3 * i + 1] = held(luma + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
    rgb[3 * i + 2] = held(luma + ((116_130 * cb + 32_768) >> 16));
  }
  return rgb;
}

function held(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function plane({ data, heightPx, widthPx }: RepeatedChroma, channel: number): Uint8Array {
  const samples = new Uint8Array(heightPx * widthPx);
  for (let i = 0; i < samples.length; i++) samples[i] = data[3 * i + channel] ?? 0;
  return samples;
}

function smoothed(picture: RepeatedChroma, channel: number): Uint8Array {
  const { heightPx, widthPx, data, down } = picture;
  const result = new Uint8Array(heightPx * widthPx);
  const columns = Math.ceil(widthPx / 2);
  const rows = Math.ceil(heightPx / down);
  const stored = (row: number, column: number): number => data[3 * (row * down * widthPx + 2 * column) + channel] ?? 0;
  const sums = new Int32Array(columns);
  for (let y = 0; y < heightPx; y++) {
    const near = Math.floor(y / down);
    const far = Math.min(rows - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let column = 0; column < columns; column++) sums[column] = down === 2 ? 3 * stored(near, column) + stored(far, column) : stored(near, column);
    const [shift, even, odd] = down === 2 ? [4, 8, 7] : [2, 1, 2];
    for (let x = 0; x < widthPx; x++) {
      const column = x >> 1;
      const own = sums[column] ?? 0;
      const beside = sums[Math.min(columns - 1, Math.max(0, column + (x % 2 === 0 ? -1 : 1)))] ?? own;
      result[y * widthPx + x] = (3 * own + beside + (x % 2 === 0 ? even : odd)) >> shift;
    }
  }
  return result;
}
