import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import jpeg from "jpeg-js";
import { toRgb } from "./chroma.ts";
import { type JpegHeader, isJpeg, jpegHeader } from "./jpeg-header.ts";
import { upright } from "./orient.ts";
import { MAX_AREA_PX, MAX_SIDE_PX, type Pixels, type SizePx } from "./pixels.ts";
import { decodePng, isPng, pngSize } from "./png.ts";

/** Working memory a JPEG of the largest area may take, MB. */
const JPEG_MEMORY_MB = 4096;

/**
 * PNG or JPEG bytes → red, green, blue [H, W, 3], upright. The kind is told by the bytes, not by the name; the header's
 * size is checked before anything is decoded. Alpha is ignored; colour profiles are not applied. Chroma of
 * half size is smoothed as `toRgb` states; the cosine transform may differ from another decoder's by a step.
 *
 * Errors: IMAGE_UNKNOWN (neither kind), IMAGE_TOO_LARGE, IMAGE_INVALID (damaged or cut off).
 */
export function decodeImage(bytes: Uint8Array, file: string): Result<Pixels> {
  if (isPng(bytes)) return guarded(file, pngSize(bytes), () => decodePng(bytes));
  if (!isJpeg(bytes)) return fail(imageError(file, { code: "IMAGE_UNKNOWN", summary: "Not a PNG or JPEG", expected: "a PNG or JPEG file", fix: "Convert the picture to PNG." }));
  const header = jpegHeader(bytes);
  return guarded(file, header?.size ?? null, () => decodeJpeg(bytes, header));
}

function guarded(file: string, size: SizePx | null, decode: () => Pixels): Result<Pixels> {
  if (size === null || size.heightPx === 0 || size.widthPx === 0) return fail(invalid(file, "the header is missing or states no size"));
  if (size.heightPx > MAX_SIDE_PX || size.widthPx > MAX_SIDE_PX || size.heightPx * size.widthPx > MAX_AREA_PX) {
    return fail(imageError(file, {
      code: "IMAGE_TOO_LARGE", summary: "The picture is too large", found: `${size.widthPx} x ${size.heightPx} px`,
      expected: `at most ${MAX_SIDE_PX} px a side and ${MAX_AREA_PX / 1e6} Mpx`, fix: "Shrink the picture before using it.",
    }));
  }
  try {
    return ok(decode());
  } catch (error) {
    // The decoders throw on damaged files; a picture that cannot be read is the user's, not ours.
    return fail(invalid(file, error instanceof Error ? error.message : String(error)));
  }
}

function decodeJpeg(bytes: Uint8Array, header: JpegHeader | null): Pixels {
  if (header === null || !endsComplete(bytes, header.scanAt)) throw new Error("the file ends before its end marker");
  const three = header.sampling.length === 3;
  const lumaAndChroma = three && header.adobe?.transform !== 0;
  // Without Adobe's segment the decoder leaves luma and chroma as they are; it would round colours down.
  const source = three && header.adobe !== null ? without(bytes, header.adobe) : bytes;
  const image = jpeg.decode(source, {
    useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: MAX_AREA_PX / 1e6, maxMemoryUsageInMB: JPEG_MEMORY_MB,
    ...(three ? { colorTransform: false } : {}),
  });
  const size: SizePx = { heightPx: image.height, widthPx: image.width };
  if (image.data.length !== size.heightPx * size.widthPx * 3) throw new Error("the pixel data does not match the size");
  const data = lumaAndChroma ? toRgb({ ...size, data: image.data, ...halved(header) }) : image.data;
  return upright({ ...size, channels: 3, data }, header.orientation);
}

/** Axes along which both chroma planes have half of luma's samples; other ratios stay repeated. */
function halved({ sampling: [luma, ...chroma] }: JpegHeader): { readonly across: 1 | 2; readonly down: 1 | 2 } {
  const half = (axis: "across" | "down"): boolean => luma?.[axis] === 2 && chroma.every((plane) => plane[axis] === 1);
  const whole = chroma.every(({ down }) => down === luma?.down);
  const smooth = half("across") && (whole || half("down"));
  return { across: smooth ? 2 : 1, down: smooth && half("down") ? 2 : 1 };
}

function without(bytes: Uint8Array, { start, end }: { readonly start: number; readonly end: number }): Uint8Array {
  const rest = new Uint8Array(bytes.length - (end - start));
  rest.set(bytes.subarray(0, start));
  rest.set(bytes.subarray(end), start);
  return rest;
}

/** True when an end-of-image marker follows the start of the scan; bytes after it are allowed. */
function endsComplete(bytes: Uint8Array, scanAt: number): boolean {
  for (let at = bytes.length - 2; at >= scanAt; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

function invalid(file: string, detail: string): Diagnostic {
  return imageError(file, { code: "IMAGE_INVALID", summary: "The picture is damaged", detail, fix: "Replace the file, or take it out of the data." });
}

export function imageError(file: string, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file }, ...words };
}
