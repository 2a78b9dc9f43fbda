import { describe, expect, test } from "vitest";
import { graphOf, inPrecision, smallText } from "../testing/emit-case.ts";
import { ane } from "./ane.ts";
import { cpu } from "./cpu.ts";
import { gpu } from "./gpu.ts";
import { coverageOf, placementWords, predictPlacement } from "./predict.ts";

const graph = graphOf(smallText);
const half = inPrecision(graph, "float16");

describe("rules", () => {
  test.each(Object.entries({ ane, gpu, cpu }))("of %s: each states https source and day, and the last fits everything", (_, rules) => {
    for (const { source, rule } of rules) {
      expect(new URL(source.url).protocol).toBe("https:");
      expect(source.read).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(rule).not.toBe("");
    }
    const last = rules.at(-1)!;
    expect(last.ops).toBe("all");
    expect(last.when).toBeUndefined();
  });
});

describe("predicted placement", () => {
  test("float32 never reaches the Neural Engine, float16 does", () => {
    expect(predictPlacement(graph, { precision: "float32", unitKind: "npu" }).map(({ unitKind }) => unitKind)).toEqual(predictPlacement(graph, { precision: "float32", unitKind: "npu" }).map(() => "cpu"));
    expect(predictPlacement(half, { precision: "float16", unitKind: "npu" }).filter(({ macs }) => macs > 0).map(({ unitKind }) => unitKind)).toEqual(["npu", "npu"]);
  });

  test("a dilated convolution stays on the CPU, and the words say why", () => {
    const dilated = inPrecision(graphOf(smallText.replace("pads=[1, 1, 1, 1]", "dilations=[2, 2] pads=[2, 2, 2, 2]")), "float16");
    const found = predictPlacement(dilated, { precision: "float16", unitKind: "npu" }).find(({ node }) => node.op === "Conv")!;
    expect(found.unitKind).toBe("cpu");
    expect(placementWords(found)).toBe("predicted on the CPU: dilated convolutions were not placed there");
  });

  test("what nobody has said is unknown: on the CPU at worst, on the unit at best", () => {
    const unknown = inPrecision(graphOf(smallText.replace("a = Relu(y)", "a = Min(y, y)")), "float16");
    const found = predictPlacement(unknown, { precision: "float16", unitKind: "npu" });
    expect(found.find(({ node }) => node.op === "Min")).toMatchObject({ known: false, unitKind: "cpu" });
  });

  test("coverage is of the multiply-accumulates, and from nothing upwards: only a device knows", () => {
    const all = coverageOf(predictPlacement(half, { precision: "float16", unitKind: "npu" }));
    expect(all).toEqual({ low: 0, expected: 1, high: 1, basis: "modelled" });
    const gather = inPrecision(graphOf(smallText.replace("pads=[1, 1, 1, 1]", "dilations=[2, 2] pads=[2, 2, 2, 2]")), "float16");
    const part = coverageOf(predictPlacement(gather, { precision: "float16", unitKind: "npu" }));
    expect(part.expected).toBeGreaterThan(0);
    expect(part.expected).toBeLessThan(0.5);
    expect(part.low).toBe(0);
  });
});
