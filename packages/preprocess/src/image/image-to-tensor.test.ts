import { encode } from "fast-png";
import type { ImageInput } from "@edgewise/planner/schema";
import { describe, expect, test } from "vitest";
import { cameraMapping } from "../camera.ts";
import { placement } from "../resize/fit.ts";
import { fitPixels, imageToTensor, pixelsOf, realTable } from "./image-to-tensor.ts";
import type { Pixels } from "./pixels.ts";

const plain: ImageInput = { kind: "image", color: "rgb", resize: { filter: "area", fit: "stretch", crop: null, pad: 0 }, scale: [1 / 255], offset: [0], layout: "nchw" };

function contract(change: Partial<Omit<ImageInput, "resize">>, resize: Partial<ImageInput["resize"]> = {}): ImageInput {
  return { ...plain, ...change, resize: { ...plain.resize, ...resize } };
}

function rgb(heightPx: number, widthPx: number, value: (y: number, x: number, c: number) => number): Pixels {
  const data = Uint8Array.from({ length: heightPx * widthPx * 3 }, (_, i) => value(Math.floor(i / 3 / widthPx), Math.floor(i / 3) % widthPx, i % 3));
  return { heightPx, widthPx, channels: 3, data };
}

function fitted(source: Pixels, input: ImageInput, [heightPx, widthPx]: readonly [number, number]): number[] {
  const result = fitPixels(source, { contract: input, resolution: { heightPx, widthPx }, file: "a.png" });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return [...result.value.data];
}

const bytes = encode({ width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 128, 0, 10, 20, 30) });

describe("imageToTensor", () => {
  const task = { resolution: { heightPx: 1, widthPx: 2 }, file: "a.png" };

  test("real = float32(pixel · scale + offset), channels first or last", () => {
    const first = imageToTensor(bytes, { ...task, contract: contract({ scale: [1, 2, 3], offset: [0, 0.5, -1] }) });
    expect(first).toMatchObject({ ok: true, value: { dtype: "float32", shape: [1, 3, 1, 2], data: Float32Array.of(255, 10, 256.5, 40.5, -1, 89) } });
    const last = imageToTensor(bytes, { ...task, contract: contract({ scale: [1], layout: "nhwc" }) });
    expect(last).toMatchObject({ ok: true, value: { shape: [1, 1, 2, 3], data: Float32Array.of(255, 128, 0, 10, 20, 30) } });
  });

  test("1/255 gives the float32 nearest to pixel / 255 for every pixel", () => {
    const table = realTable(plain, 0);
    for (let pixel = 0; pixel < 256; pixel++) expect(table[pixel]).toBe(Math.fround(pixel / 255));
  });

  test("bgr exchanges red and blue; gray is rounded BT.601 luma", () => {
    const bgr = pixelsOf(bytes, { ...task, contract: contract({ color: "bgr" }) });
    expect(bgr).toMatchObject({ ok: true, value: { data: Uint8Array.of(0, 128, 255, 30, 20, 10) } });
    const gray = pixelsOf(bytes, { ...task, contract: contract({ color: "gray" }) });
    // 0.299 · 255 + 0.587 · 128 = 151.4; 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    expect(gray).toMatchObject({ ok: true, value: { channels: 1, data: Uint8Array.of(151, 18) } });
  });

  test("every gray of equal channels stays itself", () => {
    const ramp = rgb(1, 256, (_, x) => x);
    expect(fitted(ramp, contract({ color: "gray" }), [1, 256])).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  test("a damaged picture is a diagnostic with the file's name", () => {
    const result = imageToTensor(bytes.subarray(0, 40), { ...task, contract: plain });
    expect(result).toMatchObject({ ok: false, errors: [{ code: "IMAGE_INVALID", subject: { kind: "file", path: "a.png" } }] });
  });
});

describe("sizes", () => {
  test("filter none demands the model's size", () => {
    const result = fitPixels(rgb(2, 2, () => 0), { contract: contract({}, { filter: "none" }), resolution: { heightPx: 2, widthPx: 3 }, file: "a.png" });
    expect(result).toMatchObject({ ok: false, errors: [{ code: "IMAGE_SIZE", found: "2x2 px", expected: "2x3 px" }] });
    expect(fitted(rgb(2, 3, (y, x) => y * 3 + x), contract({}, { filter: "none" }), [2, 3])).toHaveLength(18);
  });

  test("a crop is taken from the centre of the source, before resizing", () => {
    const source = rgb(5, 4, (y, x, c) => (c === 0 ? y * 10 + x : 0));
    const red = fitted(source, contract({}, { crop: { heightPx: 3, widthPx: 2 } }), [3, 2]).filter((_, i) => i % 3 === 0);
    expect(red).toEqual([11, 12, 21, 22, 31, 32]);
    const result = fitPixels(source, { contract: contract({}, { crop: { heightPx: 6, widthPx: 2 } }), resolution: { heightPx: 3, widthPx: 2 }, file: "a.png" });
    expect(result).toMatchObject({ ok: false, errors: [{ code: "IMAGE_CROP" }] });
  });

  test("cover cuts the longer side at the centre; contain fills the rest with the pad value", () => {
    const wide = rgb(2, 6, (_, x) => 10 * x);
    const red = (values: readonly number[]): number[] => values.filter((_, i) => i % 3 === 0);
    expect(red(fitted(wide, contract({}, { fit: "cover" }), [2, 2]))).toEqual([20, 30, 20, 30]);
    expect(red(fitted(wide, contract({}, { fit: "contain", pad: 99 }), [3, 3]))).toEqual([99, 99, 99, 5, 25, 45, 99, 99, 99]);
  });

  test("the extreme panorama costs no more than what is seen of it", () => {
    expect(fitted(rgb(1, 16_384, () => 7), contract({}, { fit: "cover" }), [224, 224]).every((value) => value === 7)).toBe(true);
  });

  test("cover covers and contain stays inside, by the least change of size", () => {
    for (let height = 1; height < 12; height++) {
      for (let width = 1; width < 12; width++) {
        const cover = placement({ heightPx: height, widthPx: width }, { heightPx: 5, widthPx: 7 }, "cover").scaled;
        const contain = placement({ heightPx: height, widthPx: width }, { heightPx: 5, widthPx: 7 }, "contain").scaled;
        expect(Math.min(cover.heightPx - 5, cover.widthPx - 7)).toBe(0);
        expect(Math.max(contain.heightPx - 5, contain.widthPx - 7)).toBe(0);
      }
    }
  });
});

describe("cameraMapping", () => {
  const quant = { kind: "affine", scale: [Math.fround(1 / 255)], zeroPoint: [-128], axis: null } as const;

  test("a frame enters directly exactly when all 256 values only shift", () => {
    expect(cameraMapping(plain, quant)).toEqual({ kind: "shift", zeroPoint: -128 });
    expect(cameraMapping(contract({ scale: [1] }), { ...quant, scale: [1] })).toEqual({ kind: "shift", zeroPoint: -128 });
  });

  test("otherwise each channel has its table, held within int8", () => {
    const mapping = cameraMapping(contract({ scale: [1 / 127.5], offset: [-1, -1, 0] }), { ...quant, scale: [Math.fround(1 / 127)], zeroPoint: [0] });
    if (mapping.kind !== "table") throw new Error("expected tables");
    expect(mapping.perChannel.map((table) => [table[0], table[255]])).toEqual([[-127, 127], [-127, 127], [0, 127]]);
  });

  test("one channel that differs turns a shift into tables", () => {
    const mapping = cameraMapping(contract({ scale: [1 / 255, 1 / 255, 1 / 128] }), quant);
    expect(mapping.kind).toBe("table");
  });
});
