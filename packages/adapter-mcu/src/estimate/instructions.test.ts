import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { type ConvText, convText } from "../testing/instruction-graphs.ts";
import { quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { assess } from "../assess.ts";
import type { Core } from "../footprint/footprint.ts";
import type { KernelSet } from "../isa/specialize.ts";
import type { KernelName } from "../kernels/kernel.ts";
import { kernels } from "../kernels/registry.ts";
import { lowerGraph } from "../lower.ts";
import type { Program } from "../program.ts";
import { measuredCores, runtime } from "../runtime.ts";
import { deviceWith, randomFloatGraph, randomRanges, tensorContract, valueOrThrow } from "../testing/quantized-case.ts";
import { featureNames, featuresOf } from "./features.ts";
import { countedWorkOf, instructionsOf } from "./instructions.ts";
import { instructionTable } from "./table.ts";

const isas = Object.keys(measuredCores);
const counted = isas.filter((isa) => measuredCores[isa] !== null);

function programOf(text: string, set: KernelSet): Program {
  const graph = valueOrThrow(canonicalize(parseGraph(text)));
  return valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, 3))), set).program);
}

const small: ConvText = { cin: 8, cout: 8, height: 8, width: 8, kernel: 3, stride: 1, pad: 1 };

describe("instructions of a program", () => {
  test("are low ≤ expected ≤ high, whole numbers, and modelled", () => {
    for (const isa of counted) {
      const estimate = instructionsOf(programOf(convText(small), "portable"), isa);
      expect(estimate).toMatchObject({ basis: "modelled" });
      expect(estimate!.low).toBeGreaterThan(0);
      expect(estimate!.low).toBeLessThanOrEqual(estimate!.expected);
      expect(estimate!.expected).toBeLessThanOrEqual(estimate!.high);
      expect(Object.values(estimate!).filter((value) => typeof value === "number").every(Number.isInteger)).toBe(true);
    }
  });

  test("never fall when a layer grows along any axis", () => {
    for (const backend of runtime.backends) {
      for (const isa of counted.filter((each) => backend.isas.includes(each))) {
        const set = backend.id as KernelSet;
        const base = instructionsOf(programOf(convText(small), set), isa);
        for (const axis of ["cin", "cout", "height", "width"] as const) {
          const more = instructionsOf(programOf(convText({ ...small, [axis]: 2 * small[axis] }), set), isa);
          expect(more!.expected, `${set} ${isa} ${axis}`).toBeGreaterThan(base!.expected);
          expect(more!.low).toBeGreaterThan(base!.low);
          expect(more!.high).toBeGreaterThan(base!.high);
        }
      }
    }
  });

  test("of two layers are those of each", () => {
    const text = "graph g\nin x: float32[1, 3, 8, 8]\na = Sigmoid(x)\ny = GlobalAveragePool(a)\nout y\n";
    const program = programOf(text, "portable");
    const parts = program.layers.map((layer) => instructionsOf({ ...program, layers: [layer] }, "armv7e-m")!.expected);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.abs(instructionsOf(program, "armv7e-m")!.expected - parts.reduce((sum, part) => sum + part, 0))).toBeLessThanOrEqual(parts.length);
  });

  test("are unknown for an instruction set or a kernel that was not counted, and stay out of the facts", () => {
    const program = programOf(convText(small), "portable");
    for (const isa of [...isas.filter((each) => measuredCores[each] === null), "armv9-z"]) {
      expect(instructionsOf(program, isa)).toBeNull();
      expect(countedWorkOf(program, isa)).toEqual({});
    }
    const { conv: _, ...without } = instructionTable.cores["cortex-m4"];
    expect(instructionsOf(program, "armv7e-m", { ...instructionTable, cores: { ...instructionTable.cores, "cortex-m4": without } })).toBeNull();
  });

  test("stand in the facts beside the bytes of constants", () => {
    const graph = randomFloatGraph(4);
    const facts = assess({ graph, model: "0".repeat(64), precision: "int8", resolution: null, device: deviceWith("armv7e-m"), backend: "portable", contract: tensorContract });
    expect(facts.work[0]?.instructions?.expected).toBeGreaterThan(facts.work[0]?.macs ?? Infinity);
    expect(facts.work[0]?.constantBytes).toBeGreaterThan(0);
  });
});

describe("the table of instructions", () => {
  const rows = Object.entries(instructionTable.cores).flatMap(([core, byKernel]) => Object.entries(byKernel).map(([kernel, row]) => [`${core} ${kernel}`, row] as const));

  test("has every kernel on every core whose backends run it; else EDGEWISE_UPDATE_INSTRUCTIONS=<today> vitest run packages/adapter-mcu/src/estimate", () => {
    const missing = Object.keys(kernels).filter((kernel) => coresOf(kernel as KernelName).some((core) => !(kernel in instructionTable.cores[core])));
    expect(missing).toEqual([]);
  });

  test.each(rows)("%s: coefficients are positive, the spread is a factor, and layers grow no cheaper", (_name, row) => {
    expect(Object.keys(row.perFeature).every((name) => (featureNames as readonly string[]).includes(name))).toBe(true);
    for (const coefficient of Object.values(row.perFeature)) expect(coefficient).toBeGreaterThan(0);
    expect(row.spread).toBeGreaterThanOrEqual(1);
    expect(row.layers).toBeGreaterThanOrEqual(4);
  });

  test("features are never negative, and a picture without padding has no border", () => {
    const features = featuresOf(programOf(convText({ ...small, pad: 0 }), "portable").layers[0]!, programOf(convText({ ...small, pad: 0 }), "portable"));
    expect(Math.min(...Object.values(features))).toBeGreaterThanOrEqual(0);
    expect(features).toMatchObject({ calls: 1, turns: 36, outputs: 288, taps: 20736, borderTaps: 0, inputs: 512 });
    const padded = programOf(convText(small), "portable");
    expect(featuresOf(padded.layers[0]!, padded)).toMatchObject({ turns: 64, borderTurns: 28 });
  });
});

/** Cores on which a kernel may run: those of its family's backend, by its name's ending; every core for the others. */
function coresOf(kernel: KernelName): readonly Core[] {
  const set = runtime.backends.find(({ id }) => kernel.endsWith(`_${id}`))?.id ?? "portable";
  const own = runtime.backends.find(({ id }) => id === set)?.isas ?? [];
  return [...new Set(own.flatMap((isa) => measuredCores[isa] ?? []))];
}
