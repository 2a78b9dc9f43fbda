import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import type { KernelSet } from "../isa/specialize.ts";
import type { BatchCase } from "./batch.ts";
import { opGraphs } from "./op-graphs.ts";
import { emitInput, goldenVectors, randomEmitInput, randomRanges, valueOrThrow } from "./quantized-case.ts";

/** Every graph of op-graphs.ts, once with ranges anywhere and once with ranges that start at 0. */
export function opCases(backend: KernelSet): readonly BatchCase[] {
  // 100 + 3 i is never a multiple of 3, 102 + 3 i always is.
  return Object.keys(opGraphs).flatMap((name, i) => [100, 102].map((first) => opCase(name, first + 3 * i, backend)));
}

function opCase(name: string, seed: number, backend: KernelSet): BatchCase {
  const graph = valueOrThrow(canonicalize(parseGraph(opGraphs[name] ?? "")));
  const quantized = valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
  return { name: `${name} (ranges of seed ${seed})`, input: emitInput({ graph, quantized, golden: goldenVectors(quantized, seed, 3), backend }) };
}

/** The network of a seed: a random CNN, a random int8 network, or an op in an odd form with other ranges, by turns. */
function randomCase(seed: number, backend: KernelSet): BatchCase {
  const names = Object.keys(opGraphs);
  if (seed % 3 === 2) return opCase(names[Math.floor(seed / 3) % names.length] ?? "", 1000 + seed, backend);
  return { name: `seed ${seed}`, input: randomEmitInput(seed, { backend }) };
}

/** Networks with consecutive seeds, dealt out to `ways` in turn: what comes to each, in batches. */
export function dealt(seeds: { readonly first: number; readonly count: number }, ways: number, batch: number): readonly (readonly (readonly number[])[])[] {
  return Array.from({ length: ways }, (_, way) => {
    const mine = Array.from({ length: seeds.count }, (_, i) => seeds.first + i).filter((_, i) => i % ways === way);
    return Array.from({ length: Math.ceil(mine.length / batch) }, (_, i) => mine.slice(i * batch, (i + 1) * batch));
  });
}

export function randomCases(backend: KernelSet, seeds: readonly number[]): readonly BatchCase[] {
  return seeds.map((seed) => randomCase(seed, backend));
}
