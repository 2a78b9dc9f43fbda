import { crc32, deflateSync } from "node:zlib";
import { randomNumbers } from "./emit-case.ts";

/** A PNG of random red, green, blue pixels. */
export function examplePicture(widthPx: number, heightPx: number, seed: number): Uint8Array {
  const next = randomNumbers(seed);
  return pngOf({ widthPx, heightPx, data: Uint8Array.from({ length: 3 * widthPx * heightPx }, () => next(256)) });
}

/** A PNG of red, green, blue pixels. */
export function pngOf({ widthPx, heightPx, data }: { readonly widthPx: number; readonly heightPx: number; readonly data: Uint8Array }): Uint8Array {
  const rows = Buffer.concat(Array.from({ length: heightPx }, (_, y) => Buffer.from([0, ...data.subarray(3 * widthPx * y, 3 * widthPx * (y + 1))])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return new Uint8Array(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
