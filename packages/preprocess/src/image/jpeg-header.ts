import type { SizePx } from "./pixels.ts";

export interface JpegHeader {
  /** As stored, before the orientation turns it. */
  readonly size: SizePx;
  /** EXIF orientation 1..8; 1 when the file states none. */
  readonly orientation: number;
  /** Byte offset of the compressed data. */
  readonly scanAt: number;
  /** Sampling factors of each component, across and down; the first is luma. */
  readonly sampling: readonly { readonly across: number; readonly down: number }[];
  /** Adobe's segment, which states whether colours are stored as luma and chroma; null: there is none, and they are. */
  readonly adobe: { readonly start: number; readonly end: number; readonly transform: number } | null;
}

/** Markers without a length: TEM, RST0..7, SOI, EOI. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** SOF0..SOF15 but DHT, JPG and DAC, which share the range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Walks the segments up to the first scan; null when the file ends before or has no frame.
 * Source: ITU-T T.81, B.1 and B.2.
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: SizePx | null = null;
  let orientation = 1;
  let sampling: JpegHeader["sampling"] = [];
  let adobe: JpegHeader["adobe"] = null;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff || standsAlone(marker)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return null;
    if (marker === 0xda) return size === null ? null : { size, orientation, scanAt: end, sampling, adobe };
    if (isFrame(marker) && end >= at + 10) {
      size = { heightPx: view.getUint16(at + 5), widthPx: view.getUint16(at + 7) };
      sampling = samplingOf(bytes.subarray(at + 10, end), bytes[at + 9] ?? 0);
    }
    if (marker === 0xee && String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === "Adobe") adobe = { start: at, end, transform: bytes[at + 15] ?? 0 };
    if (marker === 0xe1) orientation = exifOrientation(bytes.subarray(at + 4, end)) ?? orientation;
    at = end;
  }
  return null;
}

function samplingOf(components: Uint8Array, count: number): JpegHeader["sampling"] {
  return Array.from({ length: count }, (_, i) => {
    const factors = components[3 * i + 1] ?? 0;
    return { across: factors >> 4, down: factors & 15 };
  });
}

/**
 * Tag 0x0112 of the first image directory in an APP1 segment; null when it is not EXIF, has no such tag, or is damaged.
 * Source: EXIF 2.3, 4.5 and 4.6.4; TIFF 6.0, section 2.
 */
function exifOrientation(segment: Uint8Array): number | null {
  if (String.fromCharCode(...segment.subarray(0, 6)) !== "Exif\0\0") return null;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.byteLength - 6);
  if (tiff.byteLength < 8) return null;
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return null;
  const entries = tiff.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > tiff.byteLength) return null;
    if (tiff.getUint16(at, little) !== 0x0112) continue;
    const value = tiff.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
