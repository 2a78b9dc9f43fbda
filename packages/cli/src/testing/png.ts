import { crc32, deflateSync } from "node:zlib";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** An 8-bit grayscale PNG; `gray` is row-major, one byte a pixel. */
export function grayPng(size: Size, gray: Uint8Array): Uint8Array {
  return png(size, { samples: gray, colourType: 0 });
}

/** An 8-bit RGB PNG; `pixels` is row-major, three bytes a pixel. */
export function rgbPng(size: Size, pixels: Uint8Array): Uint8Array {
  return png(size, { samples: pixels, colourType: 2 });
}

/** Layout and colour types: https://www.w3.org/TR/png-3/#5Chunk-layout, https://www.w3.org/TR/png-3/#11IHDR */
function png(size: Size, { samples, colourType }: { readonly samples: Uint8Array; readonly colourType: 0 | 2 }): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header[8] = 8; // bits a sample
  header[9] = colourType;
  const rowBytes = samples.length / size.height;
  const rows = Array.from({ length: size.height }, (_, y) => Buffer.from([0, ...samples.subarray(y * rowBytes, (y + 1) * rowBytes)]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
