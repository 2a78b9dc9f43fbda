import type { Attrs } from "@edgewise/graph";
import { windowOf as referenceWindow } from "@edgewise/graph/ops";

/** A sliding window over [height][width], as both ONNX's Conv and pools state it. */
export interface Window {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

/**
 * Window of a rank-4 [N, C, H, W] or rank-3 [N, C, W] op (a rank-3 picture has height 1), by the reference's own rule.
 * `kernel` has one or two sizes.
 */
export function windowOf(input: readonly number[], kernel: readonly number[], attrs: Attrs): Window {
  const { rows, columns } = referenceWindow(input.slice(2), kernel, attrs);
  return {
    inHeight: rows.input, inWidth: columns.input, outHeight: rows.output, outWidth: columns.output,
    kernelHeight: rows.kernel, kernelWidth: columns.kernel, strideHeight: rows.stride, strideWidth: columns.stride,
    dilationHeight: rows.dilation, dilationWidth: columns.dilation,
    padTop: rows.padStart, padLeft: columns.padStart, padBottom: rows.padEnd, padRight: columns.padEnd,
  };
}

export function numbers(attr: Attrs[string] | undefined): readonly number[] | null {
  return Array.isArray(attr) && attr.every((item) => typeof item === "number") ? attr : null;
}

/** Struct members shared by the windowed kernels. */
export function windowParameters(w: Window): Readonly<Record<string, number>> {
  return {
    in_height: w.inHeight, in_width: w.inWidth, out_height: w.outHeight, out_width: w.outWidth,
    kernel_height: w.kernelHeight, kernel_width: w.kernelWidth, stride_height: w.strideHeight, stride_width: w.strideWidth,
    pad_top: w.padTop, pad_left: w.padLeft,
  };
}

/** How a windowed kernel walks: a pixel's outputs after the pixel's inputs, or each channel right after its own inputs. */
export interface Walk {
  readonly window: Window;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Channel c of a pixel is written after the last read of channel c (depthwise with one output per input, pools). */
  readonly channelwise: boolean;
}

/**
 * Bytes of the output's end that may lie over the input's start, when output and input are walked forward pixel by pixel.
 *
 *   out + written(p) <= in + lowest byte that any pixel from p on still reads, for every pixel p
 *   written(p) = (p + 1) · outChannels, or p · channels when channelwise
 *
 * 0 when the output may only follow the input.
 */
export function windowOverlapBytes({ window: w, inChannels, outChannels, channelwise }: Walk): number {
  const pixels = w.outHeight * w.outWidth;
  let needed = Infinity;
  let slack = 0;
  for (let p = pixels - 1; p >= 0; p--) {
    const top = firstInside((Math.floor(p / w.outWidth)) * w.strideHeight - w.padTop, w.dilationHeight, w.kernelHeight);
    const left = firstInside((p % w.outWidth) * w.strideWidth - w.padLeft, w.dilationWidth, w.kernelWidth);
    if (top < w.inHeight && left < w.inWidth) needed = Math.min(needed, (top * w.inWidth + left) * inChannels);
    slack = Math.min(slack, needed - (channelwise ? p * outChannels : (p + 1) * outChannels));
  }
  return Math.max(0, pixels * outChannels + slack);
}

/** First tap of a window side at or after 0; Infinity when the whole side lies before the picture. */
function firstInside(start: number, dilation: number, taps: number): number {
  const skipped = start >= 0 ? 0 : Math.ceil(-start / dilation);
  return skipped >= taps ? Infinity : start + skipped * dilation;
}
