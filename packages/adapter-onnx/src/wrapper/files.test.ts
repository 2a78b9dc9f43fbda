import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImageInput, LabelsOutput, TaskContract } from "@edgewise/planner/schema";
import { type Pixels, type Ranked, answer, fitPixels, pixelsToTensor, rowToTensor } from "@edgewise/preprocess";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { emitInput, graphOf, randomNumbers, tensorContract, valueOrThrow } from "../testing/emit-case.ts";
import type { Ports } from "../ports.ts";
import { wrapperFiles } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "edgewise-wrapper-"));
afterAll(() => { rmSync(folder, { recursive: true }); });

interface Picture { data: Uint8Array; width: number; height: number }
interface Wrapper {
  toTensor(input: Picture | ArrayLike<number>): Float32Array;
  toAnswers(output: ArrayLike<number>): readonly { label: string; index: number; probability?: number; score?: number }[];
}

let modules = 0;

async function evaluated(contract: TaskContract, shape: readonly number[]): Promise<{ wrapper: Wrapper; source: string }> {
  const graph = graphOf("graph g\nin x: float32[1, 2]\ny = Relu(x)\nout y\n");
  const ports: Ports = { input: { name: "x", shape, elements: shape.reduce((a, b) => a * b) }, output: { name: "y", shape: [1, 5], elements: 5 } };
  const files = await wrapperFiles({ ...emitInput({ graph, precision: "float32", contract: tensorContract, raw: [] }), contract }, ports);
  const text = (path: string): string => new TextDecoder().decode(files.find((file) => file.path === path)!.bytes);
  const path = join(folder, `wrapper${modules++}.mjs`);
  writeFileSync(path, text("index.js"));
  return { wrapper: await import(/* @vite-ignore */ pathToFileURL(path).href) as Wrapper, source: text("index.ts") };
}

function randomPicture(widthPx: number, heightPx: number, seed: number): { rgb: Pixels; rgba: Picture } {
  const next = randomNumbers(seed);
  const data = Uint8Array.from({ length: 3 * widthPx * heightPx }, () => next(256));
  const rgba = Uint8Array.from({ length: 4 * widthPx * heightPx }, (_, i) => (i % 4 === 3 ? next(256) : data[3 * Math.floor(i / 4) + i % 4]!));
  return { rgb: { heightPx, widthPx, channels: 3, data }, rgba: { data: rgba, width: widthPx, height: heightPx } };
}

const size = fc.integer({ min: 1, max: 23 });
const output: LabelsOutput = { kind: "labels", labels: ["a", "b", "c"], labelOffset: 0, softmax: true, topK: 3 };

describe.each(["area", "bilinear", "nearest"] as const)("%s", (filter) => {
  describe.each(["stretch", "cover", "contain"] as const)("%s", (fit) => {
    test.each(["rgb", "bgr", "gray"] as const)("%s: the wrapper's tensor is the reference's, bit for bit", async (color) => {
      const channels = color === "gray" ? 1 : 3;
      for (const layout of ["nchw", "nhwc"] as const) {
        const perChannel = layout === "nchw";
        const input: ImageInput = {
          kind: "image", color, layout, resize: { filter, fit, crop: null, pad: 113.6 },
          scale: perChannel && channels === 3 ? [1 / 58.395, 1 / 57.12, 1 / 57.375] : [1 / 255], offset: perChannel && channels === 3 ? [-2.1179, -2.0357, -1.8044] : [-0.1],
        };
        const resolution = { heightPx: 7, widthPx: 9 };
        const { wrapper } = await evaluated({ input, output }, layout === "nchw" ? [1, channels, 7, 9] : [1, 7, 9, channels]);
        fc.assert(fc.property(size, size, fc.nat(), (widthPx, heightPx, seed) => {
          const { rgb, rgba } = randomPicture(widthPx, heightPx, seed);
          const expected = pixelsToTensor(valueOrThrow(fitPixels(rgb, { contract: input, resolution, file: "picture" })), input).data;
          expect(wrapper.toTensor(rgba)).toEqual(expected);
        }), { numRuns: 40, seed: 7 });
      }
    });
  });
});

describe("pictures", () => {
  const input: ImageInput = { kind: "image", color: "bgr", layout: "nchw", resize: { filter: "area", fit: "stretch", crop: { heightPx: 6, widthPx: 5 }, pad: 0 }, scale: [1, 2, 3], offset: [0] };

  test("a crop is the reference's, and a smaller picture is refused", async () => {
    const { wrapper } = await evaluated({ input, output }, [1, 3, 4, 4]);
    fc.assert(fc.property(fc.integer({ min: 5, max: 20 }), fc.integer({ min: 6, max: 20 }), fc.nat(), (widthPx, heightPx, seed) => {
      const { rgb, rgba } = randomPicture(widthPx, heightPx, seed);
      const expected = pixelsToTensor(valueOrThrow(fitPixels(rgb, { contract: input, resolution: { heightPx: 4, widthPx: 4 }, file: "picture" })), input).data;
      expect(wrapper.toTensor(rgba)).toEqual(expected);
    }), { numRuns: 40, seed: 7 });
    expect(() => wrapper.toTensor(randomPicture(4, 6, 1).rgba)).toThrow(RangeError);
  });

  test("without a filter only the model's size is taken", async () => {
    const { wrapper, source } = await evaluated({ input: { ...input, resize: { ...input.resize, filter: "none", crop: null } }, output }, [1, 3, 4, 4]);
    expect(wrapper.toTensor(randomPicture(4, 4, 1).rgba)).toHaveLength(48);
    expect(() => wrapper.toTensor(randomPicture(5, 4, 1).rgba)).toThrow(RangeError);
    expect(source).not.toContain("taps");
  });

  test("bytes that are not RGBA are refused", async () => {
    const { wrapper } = await evaluated({ input, output }, [1, 3, 4, 4]);
    expect(() => wrapper.toTensor({ data: new Uint8Array(3 * 64), width: 8, height: 8 })).toThrow(RangeError);
  });
});

describe("numbers", () => {
  test.each([[[1], [0]], [[0.25], [-3]], [[0.1, 2, -7], [0.5]], [[3], [-1, 0, 1 / 3]]])("scale %j, offset %j are the reference's", async (scale, offset) => {
    const shape = [1, 3, 4];
    const { wrapper } = await evaluated({ input: { kind: "tensor", scale, offset }, output: { kind: "tensor" } }, shape);
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 12, maxLength: 12 }), (values) => {
      expect(wrapper.toTensor(values)).toEqual(valueOrThrow(rowToTensor(values, { contract: { kind: "tensor", scale, offset }, shape, file: "row" })).data);
    }), { seed: 7 });
    expect(() => wrapper.toTensor([1, 2])).toThrow(RangeError);
    expect(() => wrapper.toTensor([...Array<number>(11).fill(0), Number.NaN])).toThrow(RangeError);
  });
});

test.each([{ softmax: true, labelOffset: 0, topK: 1 }, { softmax: true, labelOffset: 2, topK: 3 }, { softmax: false, labelOffset: 1, topK: 9 }])("answers with %j are the reference's", async (form) => {
  const contract: LabelsOutput = { ...output, ...form };
  const { wrapper } = await evaluated({ input: { kind: "tensor", scale: [1], offset: [0] }, output: contract }, [1, 2]);
  fc.assert(fc.property(fc.array(fc.float({ min: -50, max: 50 }), { minLength: 5, maxLength: 5 }), (values) => {
    const expected: readonly Ranked[] = answer({ dtype: "float32", shape: [1, 5], data: Float32Array.from(values) }, contract);
    const found = wrapper.toAnswers(Float32Array.from(values)).map(({ label, index, probability, score }) => ({ label, index, score: probability ?? score }));
    expect(found).toEqual(expected.map(({ label, index, score }) => ({ label, index, score })));
  }), { seed: 7 });
});
