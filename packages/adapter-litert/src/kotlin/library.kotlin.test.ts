import { textFile } from "@edgewise/adapter";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Tensor, invariant } from "@edgewise/graph";
import { dequantizeTensor, quantizeTensor } from "@edgewise/graph/ops";
import { type Pixels, answer, classScores, fitPixels, pixelsToTensor, rowToTensor } from "@edgewise/preprocess";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomNumbers } from "../../../adapter-onnx/src/testing/emit-case.ts";
import type { Port } from "../ports.ts";
import { turned } from "../turn.ts";
import { graphShape } from "./facts.ts";
import { appFiles, libraryFiles } from "./files.ts";
import { type KotlinCase, cases, factsOf } from "./testing/cases.ts";
import { type Run, type Workplace, compileKotlin, hasKotlin, lay, runKotlin, stubSources, workplace } from "./testing/kotlinc.ts";
import { probeMain, probeSource } from "./testing/probe.ts";

/** Sides that shrink, grow, keep one side, or are a pixel wide; 9 x 7 is the model's own size. */
const sizes = [[9, 7], [23, 11], [4, 3], [1, 1], [40, 7], [9, 2], [5, 31], [18, 14]] as const;

/** e^x is the platform's own: its last bit differs between them. */
const EXP_TOLERANCE = 1e-12;

const runs = 12;
let place: Workplace;
let compiled: Run;
let compiledApps: Run;
let ran: Run;

beforeAll(async () => {
  if (!hasKotlin) return;
  place = await workplace();
  const [stubs, library] = [join(place.folder, "stubs.jar"), join(place.folder, "library.jar")];
  const stubbed = await compileKotlin({ sources: stubSources, jar: stubs, warningsAreErrors: false });
  expect(stubbed).toEqual({ code: 0, text: "" });
  const sources: string[] = [];
  for (const one of cases) {
    const folder = join(place.folder, "sources", one.target);
    sources.push(...await lay([...libraryFiles(factsOf(one)), textFile("Probe.kt", probeSource(one))], folder));
    await writeInputs(one);
  }
  compiled = await compileKotlin({ sources, seen: [stubs], jar: library, explicitApi: true });
  const main = join(place.folder, "main.jar");
  const apps = cases.flatMap((one) => appFiles(factsOf(one)).map(({ path, bytes }) => ({ path: `apps/${one.target}/${path}`, bytes })));
  compiledApps = await compileKotlin({ sources: await lay([...apps, textFile("Main.kt", probeMain(cases))], place.folder), seen: [stubs, library], jar: main });
  ran = compiled.code === 0 && compiledApps.code === 0 ? await runKotlin("MainKt", { seen: [main, library, stubs], args: [join(place.folder, "vectors")] }) : compiledApps;
}, 240_000);

afterAll(async () => { await place?.remove(); });

function vectorFile({ target }: KotlinCase, file: string): string {
  return join(place.folder, "vectors", target, file);
}

async function writeInputs(one: KotlinCase): Promise<void> {
  await mkdir(join(place.folder, "vectors", one.target), { recursive: true });
  for (let i = 0; i < runs; i++) {
    if (one.contract.input.kind === "image") {
      const { widthPx, heightPx, data } = pictureOf(i);
      const rgba = Uint8Array.from({ length: 4 * widthPx * heightPx }, (_, at) => (at % 4 === 3 ? at % 251 : data[3 * Math.floor(at / 4) + at % 4]!));
      await writeFile(vectorFile(one, `${i}.${widthPx}x${heightPx}.rgba`), rgba);
    } else {
      await writeFile(vectorFile(one, `${i}.values`), bigEndian(valuesOf(one, i), 8));
    }
    const stored = storedOutput(one, i);
    await writeFile(vectorFile(one, `${i}.stored`), one.output.type === "INT8" ? new Uint8Array((stored.data as Int8Array).buffer) : bigEndian(stored.data as Float32Array, 4));
  }
}

function bigEndian(numbers: ArrayLike<number>, width: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(width * numbers.length));
  const put = (width === 8 ? view.setFloat64 : view.setFloat32).bind(view);
  for (let i = 0; i < numbers.length; i++) put(width * i, numbers[i]!);
  return new Uint8Array(view.buffer);
}

/** Red, green, blue whose luma is half a step above a whole number. */
const halfLuma: readonly number[] = [3, 55, 187];

function pictureOf(seed: number): Pixels {
  const next = randomNumbers(seed + 1);
  const [widthPx, heightPx] = sizes[seed % sizes.length]!;
  return { widthPx, heightPx, channels: 3, data: Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, i) => halfLuma[i] ?? next(256)) };
}

/** Minus zero, and halves of steps of 1/32 on both sides of zero. */
const borderValues: readonly number[] = [-0, -65 / 64, 65 / 64];

/** The last rows have a value too few, and one that is not finite. */
function valuesOf({ input }: KotlinCase, seed: number): readonly number[] {
  const next = randomNumbers(seed + 1);
  const values = Array.from({ length: input.elements }, (_, i) => borderValues[i] ?? next(200_001) / 10_000 - 10);
  return seed === runs - 2 ? values.slice(1) : seed === runs - 1 ? [Number.NaN, ...values.slice(1)] : values;
}

/** As the file's output buffer holds it. */
function storedOutput({ output: { type, shape, elements } }: KotlinCase, seed: number): Tensor {
  const next = randomNumbers(seed + 101);
  return type === "INT8"
    ? { dtype: "int8", shape, data: Int8Array.from({ length: elements }, () => next(256) - 128) }
    : { dtype: "float32", shape, data: Float32Array.from({ length: elements }, (_, i) => (seed === 3 && i === 1 ? Number.NaN : seed === 4 ? 1 : next(2001) / 100 - 10)) };
}

/** The reference's input in the file's order and type; null where it is refused. */
function expectedInput(one: KotlinCase, seed: number): Uint8Array | null {
  const { contract, input, inputLayout = "as-graph" } = one;
  const shape = graphShape(input, inputLayout);
  const real = contract.input.kind === "image" ? pictureTensor(one, seed) : rowToTensor(valuesOf(one, seed), { contract: contract.input, shape, file: "row" });
  if (!real.ok) return null;
  const tensor = turned(real.value, inputLayout === "nhwc" ? [0, 2, 3, 1] : null);
  return input.quant === null ? bigEndian(tensor.data as Float32Array, 4) : new Uint8Array((quantizeTensor(tensor, quantOf(input)).data as Int8Array).buffer);
}

function pictureTensor({ contract, input, inputLayout }: KotlinCase, seed: number): ReturnType<typeof rowToTensor> {
  invariant(contract.input.kind === "image", "a picture");
  const [, a = 1, b = 1, c = 1] = input.shape;
  const resolution = inputLayout === "nhwc" || contract.input.layout === "nhwc" ? { heightPx: a, widthPx: b } : { heightPx: b, widthPx: c };
  const pixels = fitPixels(pictureOf(seed), { contract: contract.input, resolution, file: "picture" });
  return pixels.ok ? { ...pixels, value: pixelsToTensor(pixels.value, contract.input) } : pixels;
}

function quantOf({ quant }: Port): Parameters<typeof quantizeTensor>[1] {
  return { kind: "affine", scale: [quant?.scale ?? 1], zeroPoint: [quant?.zeroPoint ?? 0], axis: null };
}

/** The reference's numbers in the graph's order. */
function expectedOutput(one: KotlinCase, seed: number): Tensor {
  const stored = storedOutput(one, seed);
  const real = one.output.quant === null ? stored : dequantizeTensor({ tensor: stored, quant: quantOf(one.output) });
  return turned(real, one.outputLayout === "nhwc" ? [0, 3, 1, 2] : null);
}

describe.skipIf(!hasKotlin)("the emitted library (skipped without the Kotlin compiler: conformance/kotlin/setup.sh)", () => {
  test("compiles against stubs of LiteRT and Android without a warning, with its sample app, and its pure parts run without Android", () => {
    expect(compiled).toEqual({ code: 0, text: "" });
    expect(compiledApps).toEqual({ code: 0, text: "" });
    expect(ran).toEqual({ code: 0, text: "" });
  });

  test.each(cases)("$target: inputs are the reference's, bit for bit, and refused where it refuses them", (one) => {
    const refused = Array.from({ length: runs }, (_, i) => {
      const expected = expectedInput(one, i);
      if (expected !== null) expect(new Uint8Array(readFileSync(vectorFile(one, `${i}.input`)))).toEqual(expected);
      return expected === null ? [readFileSync(vectorFile(one, `${i}.error`), "utf8")] : [];
    }).flat();
    const resize = one.contract.input.kind === "image" ? one.contract.input.resize : null;
    if (resize === null) expect(refused).toEqual(["ValueCount", "ValueNotFinite"]);
    else if (resize.filter === "none" || resize.crop !== null) expect(new Set(refused)).toEqual(new Set(["PictureSize"]));
    else expect(refused).toEqual([]);
  });

  test.each(cases)("$target: outputs are the reference's numbers, bit for bit", (one) => {
    for (let i = 0; i < runs; i++) {
      expect(new Uint8Array(readFileSync(vectorFile(one, `${i}.output`)))).toEqual(bigEndian(expectedOutput(one, i).data as Float32Array, 4));
    }
  });

  test.each(cases.filter(({ contract }) => contract.output.kind === "labels"))("$target: answers are the reference's, with all confidences", (one) => {
    const { contract: { output } } = one;
    invariant(output.kind === "labels", "filtered");
    for (let i = 0; i < runs; i++) {
      const lines = readFileSync(vectorFile(one, `${i}.answer`), "utf8").split("\n").map((line) => line.split("\t"));
      const expected = answer(expectedOutput(one, i), output);
      expect(lines.slice(0, -1).map(([index, label]) => [Number(index), label])).toEqual(expected.map(({ index, label }) => [index, label]));
      lines.slice(0, -1).forEach(([, , confidence], k) => expect(close(Number(confidence), expected[k]!.score)).toBe(true));
      const all = classScores(expectedOutput(one, i), output);
      expect(lines.at(-1)).toHaveLength(all.length);
      lines.at(-1)!.forEach((confidence, k) => expect(close(Number(confidence), all[k]!)).toBe(true));
    }
  });
});

function close(found: number, expected: number): boolean {
  return Object.is(found, expected) || Math.abs(found - expected) <= EXP_TOLERANCE * Math.abs(expected);
}
