import { decode } from "fast-png";
import { Inflate } from "fflate";
import type { Pixels, SizePx } from "./pixels.ts";

const SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Chunks that decide the samples. Everything else (alpha of a palette, text, colour profiles) is left out unread. */
const CRITICAL: ReadonlySet<string> = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);

/** Deflate expands at most 1032-fold; data that stays below this bound needs no trial. */
const SAFE_INFLATED_BYTES = 2 ** 26;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Size from the header chunk, before anything is decoded; null when the file is too short to have one. */
export function pngSize(bytes: Uint8Array): SizePx | null {
  if (bytes.length < 33) return null;
  const view = viewOf(bytes);
  return { widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
}

/**
 * PNG of any colour type and depth → red, green, blue. Alpha is ignored: a transparent pixel has the colour that is
 * stored for it. 16-bit samples keep their top 8 bits; 1-, 2- and 4-bit gray is spread over 0..255.
 * Throws on files that are not valid; the caller turns that into a diagnostic.
 */
export function decodePng(bytes: Uint8Array): Pixels {
  const image = decode(criticalChunks(bytes), { checkCrc: true });
  const { width: widthPx, height: heightPx, palette } = image;
  const samples = image.depth < 8 ? unpacked(image.data, { widthPx, heightPx, depth: image.depth }) : image.data;
  const data = new Uint8Array(widthPx * heightPx * 3);
  const { channels } = image;
  const shift = image.depth === 16 ? 8 : 0;
  const spread = palette === undefined && image.depth < 8 ? 255 / (2 ** image.depth - 1) : 1;
  for (let pixel = 0; pixel < widthPx * heightPx; pixel++) {
    const at = pixel * channels;
    for (let c = 0; c < 3; c++) {
      const sample = samples[channels < 3 ? at : at + c] ?? 0;
      data[3 * pixel + c] = palette === undefined ? (sample >> shift) * spread : colorOf(palette, sample, c);
    }
  }
  return { heightPx, widthPx, channels: 3, data };
}

function colorOf(palette: readonly (readonly number[])[], index: number, channel: number): number {
  const color = palette[index];
  if (color === undefined) throw new Error(`palette index ${index} of ${palette.length}`);
  return color[channel] ?? 0;
}

/** Rows of packed samples, each row starting at a byte, most significant bits first → one byte a sample. */
function unpacked(packed: ArrayLike<number>, { widthPx, heightPx, depth }: SizePx & { readonly depth: number }): Uint8Array {
  const rowBytes = Math.ceil((widthPx * depth) / 8);
  if (packed.length === widthPx * heightPx && rowBytes !== widthPx) return Uint8Array.from(packed);
  const samples = new Uint8Array(widthPx * heightPx);
  const mask = 2 ** depth - 1;
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % widthPx) * depth;
    const byte = packed[Math.floor(i / widthPx) * rowBytes + (bit >> 3)] ?? 0;
    samples[i] = (byte >> (8 - depth - (bit & 7))) & mask;
  }
  return samples;
}

/** The file with its critical chunks only. */
function criticalChunks(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  const deflated: Uint8Array[] = [];
  for (let at = 8, end = false; !end;) {
    if (at + 12 > bytes.length) throw new Error("the file ends inside a chunk");
    const length = view.getUint32(at);
    const next = at + 12 + length;
    if (next > bytes.length) throw new Error("the file ends inside a chunk");
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (CRITICAL.has(kind)) kept.push(bytes.subarray(at, next));
    if (kind === "IDAT") deflated.push(bytes.subarray(at + 8, next - 4));
    end = kind === "IEND";
    at = next;
  }
  refuseBomb(deflated, bytes);
  return joined(kept);
}

/** Throws when the pixel data inflates to more than the header's size can need. */
function refuseBomb(deflated: readonly Uint8Array[], bytes: Uint8Array): void {
  const compressedBytes = deflated.reduce((total, { length }) => total + length, 0);
  if (compressedBytes * 1032 <= SAFE_INFLATED_BYTES) return;
  const size = pngSize(bytes);
  // At most 8 bytes a pixel; a filter byte for each row of each of the seven interlace passes.
  const limitBytes = size === null ? 0 : size.heightPx * (size.widthPx * 8 + 14) + 64;
  let inflatedBytes = 0;
  const inflate = new Inflate((chunk) => {
    inflatedBytes += chunk.length;
    if (inflatedBytes > limitBytes) throw new Error("the pixel data is larger than the picture");
  });
  const stream = joined(deflated);
  const STEP_BYTES = 65_536;
  for (let at = 2; at < stream.length; at += STEP_BYTES) inflate.push(stream.subarray(at, at + STEP_BYTES));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
