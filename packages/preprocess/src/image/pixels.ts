/** A picture of 8-bit samples, row-major [heightPx, widthPx, channels]; three channels are red, green, blue. */
export interface Pixels {
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

export interface SizePx {
  readonly heightPx: number;
  readonly widthPx: number;
}

/** Largest side of a picture that is decoded; scans and panoramas stay below it. */
export const MAX_SIDE_PX = 16_384;

/** Largest area that is decoded: 64 Mpx is 192 MB of samples. */
export const MAX_AREA_PX = 64_000_000;
