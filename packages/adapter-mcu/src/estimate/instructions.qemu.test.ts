import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Graph } from "@edgewise/graph";
import { describe, expect, test } from "vitest";
import { toolVersions } from "../../../../bench/mcu/harness.mjs";
import type { Core } from "../footprint/footprint.ts";
import { corpusPresent } from "../testing/corpus.ts";
import { type Place, type Sample, countLayers, fitAll, graphsFor, places, portableKernels, predicted, programOf } from "../testing/instruction-fit.ts";
import { mlperf } from "../testing/mlperf.ts";
import { instructionsOf } from "./instructions.ts";
import type { InstructionTable } from "./instruction-table.ts";
import { instructionTable } from "./table.ts";

const ready = ["arm-none-eabi-gcc", "qemu-system-arm", "gcc"].every((program) => spawnSync(program, ["--version"]).status === 0);
const update = process.env["EDGEWISE_UPDATE_INSTRUCTIONS"];

/** One line a kernel, so that a change of one shows as one line. */
function tableSource({ compiler, flags, emulator, date, cores }: InstructionTable): string {
  const rows = Object.entries(cores).map(([core, kernels]) =>
    `    ${JSON.stringify(core)}: {\n${Object.entries(kernels).map(([kernel, row]) => `      ${kernel}: ${JSON.stringify(row)},\n`).join("")}    },\n`);
  return `import type { InstructionTable } from "./instruction-table.ts";

/** Exact counts of single layers, fitted; made by instructions.qemu.test.ts. */
export const instructionTable: InstructionTable = {
  compiler: ${JSON.stringify(compiler)}, flags: ${JSON.stringify(flags)}, emulator: ${JSON.stringify(emulator)}, date: ${JSON.stringify(date)},
  cores: {
${rows.join("")}  },
};
`;
}

/** Every nth graph: a re-count that takes seconds. */
const EVERY = 7;

/** Layers that a fit needs at least. */
const LEAST_LAYERS = 4;

/** A spread is two standard deviations of what was left out; one layer in many lies beyond it, none beyond twice that. */
const OUTLIER = 2;
/** Whole networks, as factors. The farthest is the person detector with ARMv6-M kernels, 8.4 %: most of its filters are zeros, which cost less. */
const HELD_OUT = 1.09;

describe.skipIf(!ready || update === undefined)("the table of instructions, made anew with EDGEWISE_UPDATE_INSTRUCTIONS=<today, ISO>", () => {
  /** Only these families, where the others' kernels have not changed: EDGEWISE_INSTRUCTION_SETS=dsp,thumb. */
  const sets = (process.env["EDGEWISE_INSTRUCTION_SETS"] ?? "portable,dsp,thumb").split(",");

  test("from counts of every layer on every core", async () => {
    const portable = portableKernels();
    const samples: (Sample & { readonly row: Core })[] = [];
    for (const place of places.filter(({ set }) => sets.includes(set))) {
      const graphs = graphsFor(place);
      const counted = graphs.length === 0 ? [] : await countLayers(graphs, place);
      samples.push(...counted.filter(({ kernel }) => place.set === "portable" || !portable.has(kernel)).map((sample) => ({ ...sample, row: place.row })));
    }
    const { gcc, qemu } = toolVersions();
    const rows = Object.entries(instructionTable.cores).map(([row, before]) => {
      // A kernel that hardly a layer takes on a core, another being faster there, keeps its row.
      const fitted = Object.entries(fitAll(samples.filter((sample) => sample.row === row))).filter(([, { layers }]) => layers >= LEAST_LAYERS);
      const found = { ...before, ...Object.fromEntries(fitted) };
      return [row, Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))] as const;
    });
    const table: InstructionTable = {
      compiler: `arm-none-eabi-gcc ${gcc}`, flags: "-O2 -mthumb, see bench/mcu/cores.mjs", emulator: `qemu-system-arm ${qemu}`, date: String(update),
      cores: Object.fromEntries(rows) as unknown as InstructionTable["cores"],
    };
    await writeFile(fileURLToPath(new URL("./table.ts", import.meta.url)), tableSource(table));
  }, 1_800_000);
});

describe.skipIf(!ready || update !== undefined)(`instructions before and after${ready ? "" : " (needs gcc, arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  for (const place of places) {
    test(`${place.core}, ${place.set}: layers counted again lie within their kernel's spread`, async () => {
      const graphs = graphsFor(place, (i) => i % EVERY === 0);
      const samples = graphs.length === 0 ? [] : await countLayers(graphs, place);
      const outside = samples.filter(({ kernel, features, instructions }) => {
        const row = instructionTable.cores[place.row][kernel];
        if (row === undefined) return true;
        const ratio = predicted(row.perFeature, features) / instructions;
        return Math.max(ratio, 1 / ratio) > row.spread ** OUTLIER;
      });
      expect(outside).toEqual([]);
    }, 120_000);
  }

  describe.skipIf(!corpusPresent)(`the networks of MLPerf Tiny, none of which was fitted${corpusPresent ? "" : " (needs the corpus)"}`, () => {
    test.each(places)("$core, $set: the exact count lies within the interval, and near its middle", async (place: Place) => {
      const graphs = await Promise.all(Object.entries(mlperf).filter(([name]) => name.endsWith(".tflite")).map(async ([name, load]) => ({ name, graph: (await load()).graph })));
      const counted = await totals(graphs, place);
      for (const [i, { name, graph }] of graphs.entries()) {
        const estimate = instructionsOf(programOf(graph, place.set), place.isa);
        const ratio = (estimate?.expected ?? 0) / counted[i]!;
        process.stdout.write(`${place.core} ${place.set} ${name}: ${counted[i]} counted, ${((ratio - 1) * 100).toFixed(1)} % off\n`);
        expect.soft(Math.max(ratio, 1 / ratio), `${name} ${ratio}`).toBeLessThan(HELD_OUT);
        expect.soft(counted[i]!).toBeGreaterThanOrEqual(estimate?.low ?? Infinity);
        expect.soft(counted[i]!).toBeLessThanOrEqual(estimate?.high ?? 0);
      }
    }, 240_000);
  });
});

async function totals(graphs: readonly { readonly name: string; readonly graph: Graph }[], place: Place): Promise<readonly number[]> {
  const samples = await countLayers(graphs, place);
  return graphs.map(({ name }) => samples.filter(({ graph }) => graph === name).reduce((sum, { instructions }) => sum + instructions, 0));
}
