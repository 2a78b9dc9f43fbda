import { type Result, type Tensor, fail, ok } from "@edgewise/graph";
import type { ImageInput } from "@edgewise/planner/schema";
import { area } from "../resize/area.ts";
import { bilinear } from "../resize/bilinear.ts";
import { placement } from "../resize/fit.ts";
import { nearest } from "../resize/nearest.ts";
import { resample } from "../resize/resample.ts";
import { inColor } from "./color.ts";
import { decodeImage, imageError } from "./decode.ts";
import type { Pixels, SizePx } from "./pixels.ts";

const filters = { area, bilinear, nearest } as const;

export interface ImageTask {
  readonly contract: ImageInput;
  readonly resolution: SizePx;
  /** Name for diagnostics. */
  readonly file: string;
}

/** PNG or JPEG bytes → the model's input: `pixelsOf`, then `pixelsToTensor`. */
export function imageToTensor(bytes: Uint8Array, task: ImageTask): Result<Tensor> {
  const pixels = pixelsOf(bytes, task);
  return pixels.ok ? ok(pixelsToTensor(pixels.value, task.contract), pixels.warnings) : pixels;
}

/** PNG or JPEG bytes → the 8-bit pixels [H, W, C] that the model sees, before scale and offset. */
export function pixelsOf(bytes: Uint8Array, task: ImageTask): Result<Pixels> {
  const decoded = decodeImage(bytes, task.file);
  return decoded.ok ? fitPixels(decoded.value, task) : decoded;
}

/**
 * A picture → the contract's colours at the model's size: crop, colour, resize, in that order.
 * Errors: IMAGE_CROP (the picture is smaller than the crop), IMAGE_SIZE (filter "none" and another size).
 */
export function fitPixels(source: Pixels, { contract, resolution, file }: ImageTask): Result<Pixels> {
  const { filter, fit, crop, pad } = contract.resize;
  if (crop !== null && (crop.heightPx > source.heightPx || crop.widthPx > source.widthPx)) {
    return fail(imageError(file, { code: "IMAGE_CROP", summary: "The picture is smaller than the crop", found: sizeText(source), expected: `at least ${sizeText(crop)}`, fix: "Use larger pictures, or make task.input.crop smaller." }));
  }
  const colored = inColor(crop === null ? source : centreCrop(source, crop), contract.color);
  if (colored.heightPx === resolution.heightPx && colored.widthPx === resolution.widthPx) return ok(colored);
  if (filter === "none") {
    return fail(imageError(file, { code: "IMAGE_SIZE", summary: "The picture's size is not the model's", found: sizeText(colored), expected: sizeText(resolution), fix: "Provide pictures of the model's size, or state task.input.filter." }));
  }
  const { scaled, topPx, leftPx } = placement(colored, resolution, fit);
  const window = {
    topPx: Math.max(0, -topPx), leftPx: Math.max(0, -leftPx),
    heightPx: Math.min(resolution.heightPx, scaled.heightPx), widthPx: Math.min(resolution.widthPx, scaled.widthPx),
  };
  const resized = resample(colored, { filter: filters[filter], target: scaled, window });
  return ok(framed(resized, { resolution, topPx: Math.max(0, topPx), leftPx: Math.max(0, leftPx), pad }));
}

/** The middle of a picture; an odd rest leaves the larger part below and right. */
function centreCrop(source: Pixels, crop: SizePx): Pixels {
  return cut(source, { ...crop, topPx: Math.floor((source.heightPx - crop.heightPx) / 2), leftPx: Math.floor((source.widthPx - crop.widthPx) / 2) });
}

function cut(source: Pixels, { topPx, leftPx, heightPx, widthPx }: SizePx & { readonly topPx: number; readonly leftPx: number }): Pixels {
  const { channels } = source;
  const data = new Uint8Array(heightPx * widthPx * channels);
  for (let y = 0; y < heightPx; y++) {
    const from = ((topPx + y) * source.widthPx + leftPx) * channels;
    data.set(source.data.subarray(from, from + widthPx * channels), y * widthPx * channels);
  }
  return { heightPx, widthPx, channels, data };
}

interface Frame {
  readonly resolution: SizePx;
  readonly topPx: number;
  readonly leftPx: number;
  readonly pad: number;
}

function framed(picture: Pixels, { resolution, topPx, leftPx, pad }: Frame): Pixels {
  if (picture.heightPx === resolution.heightPx && picture.widthPx === resolution.widthPx) return picture;
  const { channels } = picture;
  const data = new Uint8Array(resolution.heightPx * resolution.widthPx * channels).fill(Math.min(255, Math.max(0, Math.round(pad))));
  const rowLength = picture.widthPx * channels;
  for (let y = 0; y < picture.heightPx; y++) {
    data.set(picture.data.subarray(y * rowLength, (y + 1) * rowLength), ((topPx + y) * resolution.widthPx + leftPx) * channels);
  }
  return { ...resolution, channels, data };
}

/** real = float32(pixel · scale + offset), one rounding; [1, C, H, W] or [1, H, W, C]. */
export function pixelsToTensor({ heightPx, widthPx, channels, data }: Pixels, contract: ImageInput): Tensor {
  const tables = Array.from({ length: channels }, (_, c) => realTable(contract, c));
  const real = new Float32Array(data.length);
  const plane = heightPx * widthPx;
  const planar = contract.layout === "nchw";
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let c = 0; c < channels; c++) {
      const from = pixel * channels + c;
      real[planar ? c * plane + pixel : from] = tables[c]?.[data[from] ?? 0] ?? 0;
    }
  }
  return { dtype: "float32", shape: planar ? [1, channels, heightPx, widthPx] : [1, heightPx, widthPx, channels], data: real };
}

/** The 256 numbers that a channel's pixels become. */
export function realTable({ scale, offset }: Pick<ImageInput, "scale" | "offset">, channel: number): Float32Array {
  const factor = scale[scale.length === 1 ? 0 : channel] ?? 1;
  const shift = offset[offset.length === 1 ? 0 : channel] ?? 0;
  return Float32Array.from({ length: 256 }, (_, pixel) => pixel * factor + shift);
}

function sizeText({ heightPx, widthPx }: SizePx): string {
  return `${heightPx}x${widthPx} px`;
}
