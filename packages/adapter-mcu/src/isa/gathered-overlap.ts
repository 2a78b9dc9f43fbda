/** A window over a picture [in_height][in_width][in_channels], named as kernels name it. Columns are not dilated. */
export interface Gathering {
  readonly in_height: number;
  readonly in_width: number;
  readonly out_height: number;
  readonly out_width: number;
  readonly kernel_height: number;
  readonly kernel_width: number;
  readonly stride_height: number;
  readonly stride_width: number;
  readonly pad_top: number;
  readonly pad_left: number;
  readonly dilation_height: number;
  readonly in_channels: number;
  readonly out_channels: number;
}

/**
 * Bytes of the output's end that may lie over the input's start, when the windows of `blockPixels` pixels are read before any
 * of them is written, blocks walked forward.
 *
 *   out + written up to a block's end <= in + lowest byte that any later block reads, for every block
 *
 * All of the output when that holds wherever it starts; 0 when the output may only follow the input.
 */
export function gatheredOverlapBytes(g: Gathering, blockPixels: number): number {
  const pixels = g.out_height * g.out_width;
  const blocks = Math.ceil(pixels / blockPixels);
  let needed = Infinity;
  let slack = 0;
  for (let block = blocks - 1; block > 0; block--) {
    for (let p = block * blockPixels; p < Math.min((block + 1) * blockPixels, pixels); p++) needed = Math.min(needed, firstByte(g, p));
    slack = Math.min(slack, needed - block * blockPixels * g.out_channels);
  }
  return Math.max(0, pixels * g.out_channels + slack);
}

/** Lowest byte of the input that pixel p reads; Infinity when its window lies beside the picture. */
function firstByte(g: Gathering, p: number): number {
  const top = Math.floor(p / g.out_width) * g.stride_height - g.pad_top;
  const left = (p % g.out_width) * g.stride_width - g.pad_left;
  const skipped = top >= 0 ? 0 : Math.ceil(-top / g.dilation_height);
  const first = top + skipped * g.dilation_height;
  const reads = skipped < g.kernel_height && first < g.in_height && left + g.kernel_width > 0 && left < g.in_width;
  return reads ? (first * g.in_width + Math.max(left, 0)) * g.in_channels : Infinity;
}
