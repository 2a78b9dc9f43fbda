import type { Bundle } from "@edgewise/adapter";
import { describe, expect, test } from "vitest";
import { coremlAdapter } from "./index.ts";
import { precisions, runtime } from "./runtime.ts";
import { classesContract, colourContract, colourText, emitInput, graphOf, randomRows, smallText, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { examplePicture } from "./testing/example-picture.ts";

const gray = graphOf(smallText);
const pictures = [examplePicture(17, 13, 1), examplePicture(8, 6, 2)];
const codesOf = async (bundle: Bundle): Promise<readonly string[]> => (await coremlAdapter.check(bundle)).map(({ code }) => code);

const cases = runtime.backends.flatMap(({ id, precisions: offered }) => precisions.filter((precision) => offered.includes(precision)).map((precision) => [id, precision] as const));

describe.each(cases)("%s in %s", (backend, precision) => {
  test("a bundle proves itself, twice the same bytes", async () => {
    const emitted = async (): Promise<Bundle> => valueOrThrow(await coremlAdapter.emit(emitInput({ graph: gray, precision, contract: classesContract, raw: pictures, backend })));
    const [bundle, again] = [await emitted(), await emitted()];
    expect(await codesOf(bundle)).toEqual([]);
    expect(again).toEqual(bundle);
  });

  test("pictures with their channels together prove themselves, and numbers", async () => {
    expect(await codesOf(valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(colourText), precision, contract: colourContract, raw: pictures, backend }))))).toEqual([]);
    expect(await codesOf(valueOrThrow(await coremlAdapter.emit(emitInput({ graph: gray, precision, contract: tensorContract, raw: randomRows(gray, 5, 2), backend }))))).toEqual([]);
  });
});
