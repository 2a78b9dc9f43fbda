import type { Pixels } from "./pixels.ts";

/**
 * Colour before resizing, so that shrinking averages what the model sees.
 *
 *   rgb   as decoded
 *   bgr   red and blue exchanged
 *   gray  floor((19595 · R + 38470 · G + 7471 · B + 32768) / 65536): BT.601 luma, weights in 1/65536 that sum to one,
 *         rounded half up; R = G = B stays as it is
 */
export function inColor(pixels: Pixels, color: "rgb" | "bgr" | "gray"): Pixels {
  switch (color) {
    case "rgb": return pixels;
    case "bgr": return { ...pixels, data: bgr(pixels.data) };
    case "gray": return { ...pixels, channels: 1, data: gray(pixels.data) };
    default: return color satisfies never;
  }
}

function bgr(rgb: Uint8Array): Uint8Array {
  const data = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    data[i] = rgb[i + 2] ?? 0;
    data[i + 1] = rgb[i + 1] ?? 0;
    data[i + 2] = rgb[i] ?? 0;
  }
  return data;
}

function gray(rgb: Uint8Array): Uint8Array {
  const data = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < data.length; i++) {
    const luma = 19595 * (rgb[3 * i] ?? 0) + 38470 * (rgb[3 * i + 1] ?? 0) + 7471 * (rgb[3 * i + 2] ?? 0);
    data[i] = (luma + 32768) >> 16;
  }
  return data;
}
