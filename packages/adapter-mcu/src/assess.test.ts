import type { AssessInput } from "@edgewise/adapter";
import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { emit } from "./emit.ts";
import { deviceWith, randomEmitInput, randomFloatGraph, tensorContract, valueOrThrow } from "./testing/quantized-case.ts";

function inputFor(graph: AssessInput["graph"], change: Partial<AssessInput> = {}): AssessInput {
  return { graph, model: "0".repeat(64), precision: "int8", resolution: null, device: deviceWith("armv6-m"), backend: "portable", contract: tensorContract, ...change };
}

describe("assess", () => {
  test("the items of a bill add up to its expected total", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const bill of assess(inputFor(randomFloatGraph(seed))).memory) {
        expect(bill.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bill.total.expected);
        expect(bill.total.low).toBeLessThanOrEqual(bill.total.expected);
        expect(bill.total.expected).toBeLessThanOrEqual(bill.total.high);
      }
    }
  });
  test("an instruction set that was not measured is billed no less than any that was, and said to be assumed", () => {
    const graph = randomFloatGraph(2);
    const totals = (isa: string) => assess(inputFor(graph, { device: deviceWith(isa) })).memory.map(({ total }) => total);
    const unmeasured = totals("xtensa-lx7");
    expect(unmeasured.map(({ basis }) => basis)).toEqual(["assumed", "assumed"]);
    for (const isa of ["armv6-m", "armv7-m", "armv7e-m", "armv8-m"]) totals(isa).forEach(({ high }, i) => expect(unmeasured[i]!.high).toBeGreaterThanOrEqual(high));
  });
  test("float precisions are refused for every layer, and cost nothing known", () => {
    const facts = assess(inputFor(randomFloatGraph(1), { precision: "float32" }));
    expect(facts.layers.every(({ supported }) => !supported)).toBe(true);
    expect(facts.memory).toEqual([]);
  });
  test("an op without an int8 form is refused by name", () => {
    const graph = valueOrThrow(canonicalize(parseGraph("graph g\nin x: float32[1, 8]\na = Sigmoid(x)\ny = HardSigmoid(a)\nout y\n")));
    const refused = assess(inputFor(graph)).layers.filter(({ supported }) => !supported);
    expect(refused.map(({ op }) => op)).toEqual(["HardSigmoid"]);
  });
  test("emission refuses facts of another model", async () => {
    const input = randomEmitInput(8);
    const result = await emit({ ...input, facts: randomEmitInput(7).facts });
    expect(result.ok ? [] : [...new Set(result.errors.map(({ code }) => code))]).toEqual(["FACTS_STALE"]);
  });
  test("what was promised before calibration is kept after it, also where a layer's kernel changes with its channels", async () => {
    // Seed 570: a depthwise convolution is left with one channel, and the faster kernel that it then gets takes scratch.
    for (const seed of [570, ...Array.from({ length: 12 }, (_, i) => 3 * i)]) {
      for (const backend of ["portable", "thumb", "dsp"] as const) expect(await emit(randomEmitInput(seed, { backend })), `seed ${seed}, ${backend}`).toMatchObject({ ok: true });
    }
  });
  test("a golden vector of another size is refused", async () => {
    const input = randomEmitInput(7);
    const result = await emit({ ...input, golden: [{ ...input.golden[0]!, output: new Uint8Array(3000) }] });
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["GOLDEN_SIZE"]);
  });
});
