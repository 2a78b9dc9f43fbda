/** A kernel that writes its output forward, pixel by pixel, after reading what the pixel needs. */
export interface ForwardWalk {
  /** Output pixels, and bytes of one. */
  readonly pixels: number;
  readonly pixelBytes: number;
  /** Lowest input byte that output pixel p reads; Infinity when it reads none. */
  lowestRead(p: number): number;
}

/**
 * Bytes of the output's end that may lie over the input's start.
 *
 *   out + (p + 1) · pixelBytes <= in + lowest byte that any pixel from p on still reads, for every pixel p
 *
 * 0 when the output may only follow the input.
 */
export function forwardOverlapBytes({ pixels, pixelBytes, lowestRead }: ForwardWalk): number {
  let needed = Infinity;
  let slack = 0;
  for (let p = pixels - 1; p >= 0; p--) {
    needed = Math.min(needed, lowestRead(p));
    slack = Math.min(slack, needed - (p + 1) * pixelBytes);
  }
  return Math.max(0, pixels * pixelBytes + slack);
}
