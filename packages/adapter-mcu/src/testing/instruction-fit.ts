/** Counts single layers of emitted C on an emulated core, and fits the coefficients of `instructionsOf` to them. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Graph, parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import { emit } from "../emit.ts";
import type { Core } from "../footprint/footprint.ts";
import { type Feature, type Features, featureNames, featuresOf } from "../estimate/features.ts";
import type { KernelInstructions } from "../estimate/instruction-table.ts";
import type { KernelSet } from "../isa/specialize.ts";
import type { KernelName } from "../kernels/kernel.ts";
import { lowerGraph } from "../lower.ts";
import type { Program } from "../program.ts";
import { instructionGraphs } from "./instruction-graphs.ts";
import { nonnegativeFit } from "./nonnegative-fit.ts";
import { emitInput, randomNumbers, randomRanges, valueOrThrow } from "./quantized-case.ts";
import { countNetworks } from "../../../../bench/mcu/count.mjs";

/** Instructions of one layer, its part of the network's own function included. */
export interface Sample {
  readonly kernel: KernelName;
  /** Layers of one graph are left out together. */
  readonly graph: string;
  readonly features: Features;
  readonly instructions: number;
}

/** Where code runs: a core of cores.mjs, its instruction set, and a family of kernels for it. */
export interface Place {
  readonly core: string;
  readonly isa: string;
  readonly set: KernelSet;
}

/** Where each table row is counted. */
export const places: readonly (Place & { readonly row: Core })[] = [
  { row: "cortex-m0plus", core: "m0plus", isa: "armv6-m", set: "portable" }, { row: "cortex-m0plus", core: "m0plus", isa: "armv6-m", set: "thumb" },
  { row: "cortex-m3", core: "m3", isa: "armv7-m", set: "portable" }, { row: "cortex-m3", core: "m3", isa: "armv7-m", set: "thumb" },
  { row: "cortex-m4", core: "m4", isa: "armv7e-m", set: "portable" }, { row: "cortex-m4", core: "m4", isa: "armv7e-m", set: "dsp" },
  { row: "cortex-m33", core: "m33", isa: "armv8-m", set: "portable" }, { row: "cortex-m33", core: "m33", isa: "armv8-m", set: "dsp" },
];

/** The graphs whose counts a place needs: for a faster family, those for which it has kernels of its own. */
export function graphsFor({ set }: Place, keep: (index: number) => boolean = () => true): readonly { readonly name: string; readonly graph: Graph }[] {
  return instructionGraphs.flatMap((text, i) => (keep(i) ? quantizedForms(text, i, set) : []).map((graph) => ({ name: `graph ${i}`, graph })))
    .filter(({ graph }) => set === "portable" || kernelsOf(graph, set).some((kernel) => !kernelsOf(graph, "portable").includes(kernel)));
}

/** Kernels that some graph runs with the portable family. */
export function portableKernels(): ReadonlySet<KernelName> {
  return new Set(graphsFor({ core: "", isa: "", set: "portable" }).flatMap(({ graph }) => kernelsOf(graph, "portable")));
}

function kernelsOf(graph: Graph, set: KernelSet): readonly KernelName[] {
  return programOf(graph, set).layers.map(({ kernel }) => kernel);
}

/**
 * A graph as int8, with weights as training leaves them: with ranges anywhere, and for a faster family with ranges from 0 too,
 * where cheaper epilogues can be proved.
 */
function quantizedForms(text: string, index: number, set: KernelSet): readonly Graph[] {
  return (set === "portable" ? [100] : [100, 102]).map((first) => {
    const seed = first + 3 * index;
    const graph = bellShaped(valueOrThrow(canonicalize(parseGraph(text))), seed);
    return valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
  });
}

/** Numbers whose sum has a bell-shaped distribution. */
const SUMMANDS = 6;

/** The same graph, its weights (constants of two axes and more) drawn anew: near 0 more often than far from it. */
function bellShaped(graph: Graph, seed: number): Graph {
  const next = randomNumbers(seed);
  const draw = (): number => Array.from({ length: SUMMANDS }, () => next(1001) / 1000 - 0.5).reduce((sum, each) => sum + each, 0) / SUMMANDS;
  const values = [...graph.values].map(([id, value]) => {
    if (value.constant === null || value.dtype !== "float32" || (value.shape ?? []).length < 2) return [id, value] as const;
    const data = Float32Array.from({ length: value.constant.bytes.length / 4 }, draw);
    return [id, { ...value, constant: { bytes: new Uint8Array(data.buffer) } }] as const;
  });
  return { ...graph, values: new Map(values) };
}

export function programOf(graph: Graph, set: KernelSet): Program {
  return valueOrThrow(lowerGraph(graph, set).program);
}

/** Counts every layer of every graph. */
export async function countLayers(graphs: readonly { readonly name: string; readonly graph: Graph }[], { core, isa, set }: Place): Promise<readonly Sample[]> {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-instructions-"));
  try {
    const sources: string[] = [];
    for (const [i, { graph }] of graphs.entries()) {
      const input = emitInput({ graph, quantized: graph, golden: [], isa, backend: set });
      const bundle = valueOrThrow(await emit({ ...input, candidate: { ...input.candidate, target: `net${i}` } }));
      for (const { path, bytes } of bundle.files.filter(({ path: name }) => /^(src|include)\/.*\.[chS]$/.test(name))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
        if (/\.[cS]$/.test(path)) sources.push(path);
      }
    }
    const counts = countNetworks({ folder, sources, prefixes: graphs.map((_, i) => `net${i}`), core });
    return graphs.flatMap(({ name, graph }, i) => samplesOf(programOf(graph, set), { name, prefix: `net${i}`, count: counts[i]! }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Count = ReturnType<typeof countNetworks>[number];

/** Kernels that call nothing of the compiler's own. */
const plain: ReadonlySet<KernelName> = new Set(["lookup", "copy", "fill"]);

/**
 * Functions are named after their kernel. Layers share the network's own function, and those that are not plain the
 * support functions of the compiler (64-bit products of ARMv6-M). A kernel that stands twice in a network is one sample.
 */
function samplesOf(program: Program, { name, prefix, count }: { readonly name: string; readonly prefix: string; readonly count: Count }): readonly Sample[] {
  const kernels = [...new Set(program.layers.map(({ kernel }) => kernel))];
  const all = program.layers.map(({ kernel }) => kernel);
  const busy = all.filter((kernel) => !plain.has(kernel));
  const own = new Map<KernelName, number>();
  const give = (kernel: KernelName, instructions: number): void => { own.set(kernel, (own.get(kernel) ?? 0) + instructions); };
  for (const { name: symbol, instructions } of count.functions) {
    const kernel = kernels.filter((each) => symbol === `${prefix}_${each}` || symbol.startsWith(`${prefix}_${each}_`) || symbol.startsWith(`${prefix}_${each}.`)).sort((a, b) => b.length - a.length)[0];
    if (kernel !== undefined) give(kernel, instructions);
    else {
      const sharers = symbol.startsWith(`${prefix}_`) || symbol.startsWith("mark_") || busy.length === 0 ? all : busy;
      for (const sharer of sharers) give(sharer, instructions / sharers.length);
    }
  }
  return kernels.map((kernel) => ({
    kernel, graph: name, instructions: own.get(kernel) ?? 0,
    features: sumOf(program.layers.filter((layer) => layer.kernel === kernel).map((layer) => featuresOf(layer, program))),
  }));
}

function sumOf(all: readonly Features[]): Features {
  return Object.fromEntries(featureNames.map((name) => [name, all.reduce((sum, features) => sum + features[name], 0)])) as Record<Feature, number>;
}

/** Coefficients below this share of every layer's count are left out. */
const NEGLIGIBLE = 1e-4;

/** Fits every kernel that was counted. */
export function fitAll(samples: readonly Sample[]): Readonly<Partial<Record<KernelName, KernelInstructions>>> {
  const kernels = [...new Set(samples.map(({ kernel }) => kernel))].sort();
  return Object.fromEntries(kernels.map((kernel) => [kernel, fitKernel(samples.filter((sample) => sample.kernel === kernel))]));
}

/** Fits one kernel; the spread is that of layers of graphs that were left out. */
export function fitKernel(samples: readonly Sample[]): KernelInstructions {
  const perFeature = coefficients(samples);
  const graphs = [...new Set(samples.map(({ graph }) => graph))];
  const ratios = graphs.length < 3 ? [] : graphs.flatMap((graph) => {
    const without = coefficients(samples.filter((sample) => sample.graph !== graph));
    return samples.filter((sample) => sample.graph === graph).map((sample) => predicted(without, sample.features) / sample.instructions);
  });
  return { perFeature, spread: spreadOf(ratios), layers: samples.length };
}

function coefficients(samples: readonly Sample[]): Readonly<Partial<Record<Feature, number>>> {
  const found = nonnegativeFit(samples.map(({ features, instructions }) => ({ columns: featureNames.map((name) => features[name]), value: instructions })));
  const kept = featureNames.flatMap((name, k) => {
    const matters = samples.some(({ features, instructions }) => (found[k]! * features[name]) / instructions > NEGLIGIBLE);
    return matters ? [[name, Number(found[k]!.toPrecision(4))] as const] : [];
  });
  return Object.fromEntries(kept);
}

export function predicted(perFeature: Readonly<Partial<Record<Feature, number>>>, features: Features): number {
  return Object.entries(perFeature).reduce((sum, [name, coefficient]) => sum + coefficient * features[name as Feature], 0);
}

/** Inputs decide a few branches: two per cent either way at least. */
const LEAST_SPREAD = 1.02;
/** A kernel seen in too few geometries to leave one out. */
const UNTESTED_SPREAD = 2;

/** Two standard deviations of left-out layers, as a factor. */
function spreadOf(ratios: readonly number[]): number {
  if (ratios.length === 0) return UNTESTED_SPREAD;
  const meanSquare = ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0) / ratios.length;
  return Number(Math.max(LEAST_SPREAD, Math.exp(2 * Math.sqrt(meanSquare))).toPrecision(3));
}
