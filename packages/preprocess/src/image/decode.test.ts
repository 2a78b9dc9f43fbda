import { encode as encodePng } from "fast-png";
import { zlibSync } from "fflate";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodeImage } from "./decode.ts";
import type { Pixels } from "./pixels.ts";

function decoded(bytes: Uint8Array): Pixels {
  const result = decodeImage(bytes, "a.png");
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function codes(bytes: Uint8Array): readonly string[] {
  const result = decodeImage(bytes, "a.png");
  return result.ok ? [] : result.errors.map(({ code }) => code);
}

/** A PNG from its header fields and unfiltered rows, written by hand so that every depth can be tried. */
function png(header: { width: number; height: number; depth: number; color: number }, rows: readonly (readonly number[])[], palette: readonly number[] = []): Uint8Array {
  const ihdr = new Uint8Array(13);
  new DataView(ihdr.buffer).setUint32(0, header.width);
  new DataView(ihdr.buffer).setUint32(4, header.height);
  ihdr.set([header.depth, header.color], 8);
  const idat = zlibSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return Uint8Array.from([
    0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...chunk("IHDR", ihdr),
    ...(palette.length > 0 ? chunk("PLTE", Uint8Array.from(palette)) : []), ...chunk("IDAT", idat), ...chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(kind: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set([...kind].map((letter) => letter.charCodeAt(0)), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe("PNG", () => {
  test("8-bit colour is returned as stored, alpha ignored", () => {
    const data = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255);
    expect(decoded(encodePng({ width: 2, height: 1, channels: 4, data })).data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(decoded(png({ width: 2, height: 1, depth: 8, color: 2 }, [[1, 2, 3, 4, 5, 6]])).data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  test("gray, with and without alpha, becomes three equal channels", () => {
    expect(decoded(png({ width: 2, height: 1, depth: 8, color: 0 }, [[7, 200]])).data).toEqual(Uint8Array.of(7, 7, 7, 200, 200, 200));
    expect(decoded(png({ width: 2, height: 1, depth: 8, color: 4 }, [[7, 0, 200, 255]])).data).toEqual(Uint8Array.of(7, 7, 7, 200, 200, 200));
  });

  test("16-bit samples keep their top 8 bits", () => {
    expect(decoded(png({ width: 1, height: 1, depth: 16, color: 2 }, [[0x12, 0xff, 0x34, 0x80, 0xff, 0xff]])).data).toEqual(Uint8Array.of(0x12, 0x34, 0xff));
    expect(decoded(png({ width: 2, height: 1, depth: 16, color: 0 }, [[0x12, 0xff, 0x34, 0x80]])).data).toEqual(Uint8Array.of(0x12, 0x12, 0x12, 0x34, 0x34, 0x34));
  });

  test.each([
    [1, [0b10100000], [255, 0, 255]],
    [2, [0b00011011], [0, 85, 170]],
    [4, [0x0f, 0x80], [0, 255, 136]],
  ] as const)("gray of %i bits is spread over 0..255, rows starting at a byte", (depth, row, expected) => {
    const { data } = decoded(png({ width: 3, height: 2, depth, color: 0 }, [row, row]));
    expect([...data].filter((_, i) => i % 3 === 0)).toEqual([...expected, ...expected]);
  });

  test.each([
    [1, [0b01000000]],
    [2, [0b00010000]],
    [4, [0x01, 0x00]],
    [8, [0, 1, 0]],
  ] as const)("a palette of %i bits gives its colours", (depth, row) => {
    const { data } = decoded(png({ width: 3, height: 2, depth, color: 3 }, [row, row], [9, 8, 7, 30, 20, 10]));
    expect([...data]).toEqual([9, 8, 7, 30, 20, 10, 9, 8, 7, 9, 8, 7, 30, 20, 10, 9, 8, 7]);
  });

  test("interlaced pictures are the same pictures", () => {
    const data = Uint8Array.from({ length: 9 * 7 * 3 }, (_, i) => (i * 37) % 256);
    expect(decoded(encodePng({ width: 9, height: 7, channels: 3, data }, { interlace: "Adam7" })).data).toEqual(data);
  });

  test("an index outside the palette is a damaged picture", () => {
    expect(codes(png({ width: 1, height: 1, depth: 8, color: 3 }, [[5]], [0, 0, 0]))).toEqual(["IMAGE_INVALID"]);
  });

  test("a header that states a huge picture is refused before anything is decoded", () => {
    expect(codes(png({ width: 20_000, height: 1, depth: 8, color: 0 }, []))).toEqual(["IMAGE_TOO_LARGE"]);
    expect(codes(png({ width: 16_000, height: 16_000, depth: 8, color: 0 }, []))).toEqual(["IMAGE_TOO_LARGE"]);
  });

  test("pixel data that inflates beyond the picture is refused", () => {
    const bomb = png({ width: 4, height: 4, depth: 8, color: 0 }, []);
    const idat = chunk("IDAT", zlibSync(new Uint8Array(2 ** 26 + 2 ** 21)));
    const many = new Uint8Array(33 + idat.length + 12);
    many.set(bomb.subarray(0, 33));
    many.set(idat, 33);
    many.set(chunk("IEND", new Uint8Array()), 33 + idat.length);
    expect(codes(many)).toEqual(["IMAGE_INVALID"]);
  });

  test("cut off at any byte, a file is a diagnostic, never a throw", () => {
    const whole = png({ width: 3, height: 2, depth: 8, color: 2 }, [[1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 8, 7, 6, 5, 4, 3, 2, 1]]);
    for (let length = 0; length < whole.length; length++) {
      const found = codes(whole.subarray(0, length));
      expect(["IMAGE_INVALID", "IMAGE_UNKNOWN"]).toContain(found[0]);
    }
  });

  test("one flipped bit anywhere is found, or changes nothing that is read", () => {
    const whole = png({ width: 3, height: 2, depth: 8, color: 2 }, [[1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 8, 7, 6, 5, 4, 3, 2, 1]]);
    const expected = decoded(whole);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Uint8Array.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      const result = decodeImage(flipped, "a.png");
      if (result.ok) expect(result.value).toEqual(expected);
    }
  });
});

describe("JPEG", () => {
  const width = 16;
  const height = 8;
  /** Left half red, right half gray. */
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, c] = [(i >> 2) % width, i % 4];
    if (c === 3) return 255;
    return x < 8 ? (c === 0 ? 250 : 20) : 120;
  });
  const plain = Uint8Array.from(jpeg.encode({ width, height, data: rgba }, 95).data);

  function withOrientation(orientation: number, little: boolean): Uint8Array {
    const tiff = little
      ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
      : [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
    const content = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
    return Uint8Array.from([...plain.subarray(0, 2), 0xff, 0xe1, 0, content.length + 2, ...content, ...plain.subarray(2)]);
  }

  function redAt({ widthPx, data }: Pixels, x: number, y: number): boolean {
    const at = 3 * (y * widthPx + x);
    return (data[at] ?? 0) > 200 && (data[at + 1] ?? 0) < 70;
  }

  test("pixels come back within the loss of the format", () => {
    const pixels = decoded(plain);
    expect([pixels.widthPx, pixels.heightPx]).toEqual([16, 8]);
    expect(redAt(pixels, 2, 4)).toBe(true);
    expect(redAt(pixels, 13, 4)).toBe(false);
  });

  test.each([[1, "left"], [2, "right"], [3, "right"], [4, "left"], [5, "top"], [6, "top"], [7, "bottom"], [8, "bottom"]] as const)("orientation %i puts what was left at the %s", (orientation, side) => {
    for (const little of [true, false]) {
      const pixels = decoded(withOrientation(orientation, little));
      expect([pixels.widthPx, pixels.heightPx]).toEqual(orientation < 5 ? [16, 8] : [8, 16]);
      const seen = { left: redAt(pixels, 1, pixels.heightPx / 2), right: redAt(pixels, pixels.widthPx - 2, pixels.heightPx / 2), top: redAt(pixels, pixels.widthPx / 2, 1), bottom: redAt(pixels, pixels.widthPx / 2, pixels.heightPx - 2) };
      expect(seen[side]).toBe(true);
      const opposite = { left: "right", right: "left", top: "bottom", bottom: "top" } as const;
      expect(seen[opposite[side]]).toBe(false);
    }
  });

  test("cut off at any byte, a file is a diagnostic, never a throw", () => {
    for (let length = 0; length < plain.length; length += 3) {
      expect(["IMAGE_INVALID", "IMAGE_UNKNOWN"]).toContain(codes(plain.subarray(0, length))[0]);
    }
  });

  test("a frame that states a huge picture is refused before anything is decoded", () => {
    const huge = Uint8Array.from(plain);
    const frame = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0);
    huge.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(codes(huge)).toEqual(["IMAGE_TOO_LARGE"]);
  });
});

test("anything else is named as neither PNG nor JPEG", () => {
  expect(codes(new TextEncoder().encode("GIF89a"))).toEqual(["IMAGE_UNKNOWN"]);
  expect(codes(new Uint8Array())).toEqual(["IMAGE_UNKNOWN"]);
});
