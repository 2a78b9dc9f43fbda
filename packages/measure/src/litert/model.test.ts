import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@edgewise/graph";
import { beforeAll, describe, expect, test } from "vitest";
import { tfliteFile } from "../../../formats/src/tflite/testing/tflite-file.ts";
import { LitertError, openLitert } from "./model.ts";
import { type LitertRuntime, LitertMissing, isLitertInstalled, loadLitert } from "./runtime.ts";

const quant = { scale: [0.5], zeroPoint: [3] };

/** y = a + b of int8 numbers with one scale and zero point. */
const sum = tfliteFile({
  tensors: [{ name: "a", type: "int8", shape: [1, 4], ...quant }, { name: "b", type: "int8", shape: [1, 4], ...quant }, { name: "y", type: "int8", shape: [1, 4], ...quant }],
  operators: [{ op: "ADD", inputs: [0, 1], outputs: [2], options: [{ field: 0, int8: 0 }], optionsType: 11 }],
  inputs: [0, 1], outputs: [2],
});

const custom = tfliteFile({
  tensors: [{ name: "x", type: "int8", shape: [1, 4], ...quant }, { name: "y", type: "int8", shape: [1, 4], ...quant }],
  operators: [{ op: "Sparkle", inputs: [0], outputs: [1] }],
  inputs: [0], outputs: [1],
});

function row(...values: readonly number[]): Tensor {
  return { dtype: "int8", shape: [1, values.length], data: Int8Array.from(values) };
}

/** A file from which no LiteRT is in reach, unless the machine has one for all. */
const elsewhere = join(tmpdir(), "elsewhere.mjs");

function everywhere(): boolean {
  try {
    return createRequire(elsewhere).resolve("@litertjs/core/package.json") !== "";
  } catch {
    return false;
  }
}

describe("openLitert", () => {
  let runtime: LitertRuntime;
  beforeAll(async () => {
    runtime = await loadLitert();
  });

  test("gives the stored integers of an int8 model, and says what goes in and comes out", async () => {
    const model = await openLitert(sum, runtime);
    expect(model.inputs.map(({ name }) => name).sort()).toEqual(["a", "b"]);
    expect(model.outputs).toEqual([{ name: "y", dtype: "int8", shape: [1, 4] }]);
    expect(await model.run([row(3, 13, -7, 127), row(4, 3, 3, 127)])).toEqual([row(4, 13, -7, 127)]);
    expect(await model.run([row(3, 3, 3, 3), row(1, 2, 3, 4)])).toEqual([row(1, 2, 3, 4)]);
    model.close();
    model.close();
    await expect(model.run([row(0, 0, 0, 0), row(0, 0, 0, 0)])).rejects.toThrow("the model is open");
  });

  test("has each model to itself, and gives its memory back", async () => {
    const [first, second] = [await openLitert(sum, runtime), await openLitert(sum, runtime)];
    first.close();
    expect(await second.run([row(3, 3, 3, 3), row(1, 2, 3, 4)])).toEqual([row(1, 2, 3, 4)]);
    second.close();
    const bytes = runtime.wasm.HEAPU8.length;
    for (let i = 0; i < 200; i++) {
      const model = await openLitert(sum, runtime);
      await model.run([row(3, 3, 3, 3), row(1, 2, 3, 4)]);
      model.close();
    }
    expect(runtime.wasm.HEAPU8.length).toBe(bytes);
  });

  test("loads LiteRT itself when none is given", async () => {
    const model = await openLitert(sum);
    expect(model.inputs.length).toBe(2);
    model.close();
  });

  test("refuses an operator that LiteRT does not have, in its words", async () => {
    const refused = openLitert(custom, runtime).then((model) => model.run([row(0, 0, 0, 0)]));
    await expect(refused).rejects.toThrow(LitertError);
    await expect(refused).rejects.toThrow("Sparkle");
  });

  test("refuses bytes that are no model", async () => {
    await expect(openLitert(new Uint8Array(64), runtime)).rejects.toThrow(LitertError);
    const model = await openLitert(sum, runtime);
    expect(await model.run([row(3, 3, 3, 3), row(1, 2, 3, 4)])).toEqual([row(1, 2, 3, 4)]);
    model.close();
  });

  test.skipIf(everywhere())("says how to install LiteRT where it is not", async () => {
    await expect(loadLitert(elsewhere)).rejects.toThrow(LitertMissing);
    expect(isLitertInstalled(elsewhere)).toBe(false);
    expect(isLitertInstalled()).toBe(true);
  });
});
