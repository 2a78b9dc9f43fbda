import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "@edgewise/graph";
import type { TaskContract } from "@edgewise/planner/schema";
import { afterAll, expect, test } from "vitest";
import { coremlAdapter } from "../index.ts";
import { classesContract, colourContract, colourText, emitInput, graphOf, grayInput, randomRows, smallText, tensorContract, valueOrThrow } from "../testing/emit-case.ts";
import { examplePicture } from "../testing/example-picture.ts";
import { type SwiftFolder, buildSelfTest, compileStubs, stubsFolder, swiftFolder, typeCheck } from "../testing/swift.ts";
import { benchmarkModule, swiftModule } from "./names.ts";

const target = "3 meters, côté";
const gray = graphOf(smallText);
const colour = graphOf(colourText);
const pictures = [examplePicture(17, 13, 1), examplePicture(8, 6, 2), examplePicture(3, 11, 3)];
const wide = [examplePicture(31, 22, 4), examplePicture(20, 20, 5)];

interface Case {
  readonly contract: TaskContract;
  readonly raw: readonly Uint8Array[];
  readonly graph: Graph;
  /** Stands for its kind where all sources are type-checked. */
  readonly checked: boolean;
}

/** Contracts that reach every branch of the emitted Swift. */
const contracts: Readonly<Record<string, Case>> = {
  "gray, area, stretch, probabilities": { contract: classesContract, raw: pictures, graph: gray, checked: true },
  "blue green red together, bilinear, contain, labels to escape": { contract: colourContract, raw: pictures, graph: colour, checked: false },
  "red green blue, nearest, cover, cropped, labels after a background": {
    contract: { input: { ...grayInput, color: "rgb", layout: "nhwc", resize: { filter: "nearest", fit: "cover", crop: { heightPx: 19, widthPx: 15 }, pad: 0 } }, output: { kind: "labels", labels: ["one", "two", "two"], labelOffset: 1, softmax: true, topK: 3 } }, raw: wide, graph: colour, checked: false,
  },
  "numbers in, numbers out": { contract: { ...tensorContract, input: { kind: "tensor", scale: [0.1], offset: [-3] } }, raw: randomRows(gray, 5, 2), graph: gray, checked: true },
};

const stubs = stubsFolder();
const folders: SwiftFolder[] = [stubs];
afterAll(() => { for (const { remove } of folders) remove(); });
const modules = { model: swiftModule(target), benchmark: benchmarkModule(target), stubs: stubs.path };

async function emittedFolder({ contract, raw, graph }: Case): Promise<string> {
  const folder = swiftFolder(valueOrThrow(await coremlAdapter.emit(emitInput({ graph, precision: "float32", contract, raw, target }))));
  folders.push(folder);
  return folder.path;
}

/** A compiler on a busy machine takes its time. */
const MINUTES = 60_000;

test("declarations of Apple's frameworks compile", () => {
  expect(compileStubs(stubs.path)).toEqual({ code: 0, text: "" });
}, 3 * MINUTES);

test.each(Object.entries(contracts).filter(([, { checked }]) => checked))("%s: libraries and tools type-check under Swift 6's rules, against declarations of Core ML", async (_, each) => {
  expect(typeCheck(await emittedFolder(each), modules)).toEqual({ code: 0, text: "" });
}, 3 * MINUTES);

test.each(Object.entries(contracts))("%s: the self-test builds, and agrees with the reference byte for byte", async (_, each) => {
  const folder = await emittedFolder(each);
  const golden = join(folder, "Sources", modules.benchmark, "golden");
  const built = buildSelfTest(folder, modules);
  expect(built.text).toBe("");
  const { code, text } = built.run(["--without-model", golden]);
  expect(text).toContain(`PASS: ${each.raw.length} of ${each.raw.length} vectors`);
  expect(code).toBe(0);

  const start = readdirSync(golden).find((name) => /^vector0\.(rgba|f32)$/.test(name)) ?? "";
  writeFileSync(join(golden, start), readFileSync(join(golden, start)).map((byte, i) => (i % 4 === 2 ? byte ^ 0x40 : byte)));
  expect(built.run(["--without-model", golden])).toMatchObject({ code: 1, text: expect.stringContaining("input DIFFERENT") });
}, 3 * MINUTES);
