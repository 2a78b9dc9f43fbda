import type { Pixels } from "./pixels.ts";

/**
 * Turns a picture upright by its EXIF orientation, which says where row 0 and column 0 are seen:
 *
 *   1 top left · 2 top right · 3 bottom right · 4 bottom left · 5 left top · 6 right top · 7 right bottom · 8 left bottom
 *
 * From 5 on, stored rows are seen as columns, so height and width change places. Source: EXIF 2.3, 4.6.4.
 */
export function upright(pixels: Pixels, orientation: number): Pixels {
  if (orientation === 1) return pixels;
  const { channels } = pixels;
  const turned = orientation >= 5;
  const heightPx = turned ? pixels.widthPx : pixels.heightPx;
  const widthPx = turned ? pixels.heightPx : pixels.widthPx;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const data = new Uint8Array(pixels.data.length);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const row = turned ? x : y;
      const column = turned ? y : x;
      const storedRow = fromBottom ? pixels.heightPx - 1 - row : row;
      const storedColumn = fromRight ? pixels.widthPx - 1 - column : column;
      const from = (storedRow * pixels.widthPx + storedColumn) * channels;
      const to = (y * widthPx + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = pixels.data[from + c] ?? 0;
    }
  }
  return { heightPx, widthPx, channels, data };
}
