import { describe, expect, test } from "vitest";
import { coordinates } from "../coordinates.ts";
import { kotlinFiles } from "./files.ts";
import { kotlinDouble, kotlinString, packageLeaf } from "./names.ts";
import { type KotlinCase, cases, factsOf } from "./testing/cases.ts";

function textsOf(one: KotlinCase, hasGolden = true): ReadonlyMap<string, string> {
  return new Map(kotlinFiles({ ...factsOf(one), hasGolden }).map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

const named = (target: string): KotlinCase => cases.find((one) => one.target === target)!;

function sourceNames(target: string): readonly string[] {
  return [...textsOf(named(target)).keys()].filter((path) => path.startsWith("android/edgewise-model/") && path.endsWith(".kt")).map((path) => path.slice(path.lastIndexOf("/") + 1)).sort();
}

describe("the Android project", () => {
  test("has the same bytes for the same facts, each path once", () => {
    for (const one of cases) {
      expect(textsOf(one)).toEqual(textsOf(one));
      expect(textsOf(one).size).toBe(kotlinFiles(factsOf(one)).length);
    }
  });

  test("has only the steps that its contract uses", () => {
    expect(sourceNames("values")).toEqual(["Backend.kt", "Engine.kt", "InputTensor.kt", "ModelException.kt", "OutputTensor.kt", "Predictor.kt"]);
    expect(sourceNames("gray-area")).toEqual(["Backend.kt", "BitmapPicture.kt", "Classification.kt", "Classifier.kt", "Engine.kt", "InputTensor.kt", "ModelException.kt", "OutputTensor.kt", "Picture.kt", "Resize.kt"]);
  });

  test("is Kotlin as people write it: nothing asserted away, no wildcard imports, four spaces, no line that runs out of sight", () => {
    for (const one of cases) {
      for (const [path, text] of textsOf(one)) {
        if (!path.endsWith(".kt")) continue;
        expect(text).not.toMatch(/!!|import .*\*|\t|\n{3}|\bTODO\b|undefined|NaN\b.*f\b/);
        for (const line of text.split("\n")) {
          expect(line.length, `${path}: ${line}`).toBeLessThanOrEqual(120);
          if (!/^ *\*/.test(line)) expect(/^ */.exec(line)![0].length % 4, `${path}: ${line}`).toBe(0);
        }
      }
    }
  });

  test("keeps pre- and post-processing free of Android", () => {
    for (const one of cases) {
      for (const [path, text] of textsOf(one)) {
        if (/(Picture|Resize|InputTensor|OutputTensor|Classification|Backend|ModelException|Timing)\.kt$/.test(path) && !path.endsWith("BitmapPicture.kt")) expect(text).not.toMatch(/import (android|com\.google)/);
      }
    }
  });

  test("states LiteRT's coordinates and the lowest API level; the GPU's artifact only where the chain has a GPU", () => {
    const build = (target: string): string => textsOf(named(target)).get("android/edgewise-model/build.gradle.kts")!;
    const [litert, gpu] = coordinates.value.artifacts.map(({ coordinate }) => `implementation("${coordinate}")`);
    expect(build("rgb-bilinear-cover")).toContain(`minSdk = ${coordinates.value.minSdk}`);
    expect(build("rgb-bilinear-cover")).toContain(litert);
    expect(build("rgb-bilinear-cover")).toContain(gpu);
    expect(build("gray-area")).toContain(litert);
    expect(build("gray-area")).not.toContain(gpu);
  });

  test("asks the GPU for 32 bits exactly where the plan's tolerance needs them", () => {
    const engine = (one: KotlinCase): string => [...textsOf(one)].find(([path]) => path.endsWith("/Engine.kt"))![1];
    const one = named("rgb-bilinear-cover");
    expect(engine(one)).toContain("Precision.FP32");
    expect(engine({ ...one, precision: "int8-dynamic" })).toContain("Precision.FP32");
    expect(engine({ ...one, precision: "float16" })).not.toContain("Precision");
    expect(engine({ ...one, precision: "int8" })).not.toContain("Precision");
  });

  test("has the instrumented test where there are vectors to run", () => {
    const tests = (hasGolden: boolean): number => [...textsOf(named("values"), hasGolden).keys()].filter((path) => path.includes("/androidTest/")).length;
    expect([tests(true), tests(false)]).toEqual([1, 0]);
  });
});

test.each([["meter-reading", "meter_reading"], ["Phone", "phone"], ["class", "m_class"], ["in", "m_in"], ["3d", "m_3d"], ["ä", "m__"], ["a--b.c", "a_b_c"]])("%s is the package segment %s", (target, leaf) => {
  expect(packageLeaf(target)).toBe(leaf);
});

test.each([["a\"b\\c", "\"a\\\"b\\\\c\""], ["$x", "\"\\$x\""], ["a\nb", "\"a\\u000ab\""], ["ß", "\"ß\""], ["😀", "\"\\ud83d\\ude00\""]])("%j is written %s", (text, literal) => {
  expect(kotlinString(text)).toBe(literal);
});

test.each([[1, "1.0"], [-0, "-0.0"], [0.1, "0.1"], [1e21, "1e21"], [1e-7, "1e-7"], [1 / 3, "0.3333333333333333"]])("%d is the Double %s", (value, literal) => {
  expect(kotlinDouble(value)).toBe(literal);
});
