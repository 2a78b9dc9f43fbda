import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import type { KernelSet } from "../isa/specialize.ts";
import type { BatchCase } from "./batch.ts";
import { opGraphs } from "./op-graphs.ts";
import { emitInput, goldenVectors, randomEmitInput, randomRanges, valueOrThrow } from "./quantized-case.ts";

/** Every graph of op-graphs.ts, once with ranges anywhere and once with ranges that start at 0. */
export function opCases(backend: KernelSet): readonly BatchCase[] {
  return Object.entries(opGraphs).flatMap(([name, text], i) => [100, 102].map((first) => {
    // 100 + 3 i is never a multiple of 3, 102 + 3 i always is.
    const seed = first + 3 * i;
    const graph = valueOrThrow(canonicalize(parseGraph(text)));
    const quantized = valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
    return { name: `${name} (ranges of seed ${seed})`, input: emitInput({ graph, quantized, golden: goldenVectors(quantized, seed, 3), backend }) };
  }));
}

/** Random networks with consecutive seeds. */
export function randomCases(backend: KernelSet, first: number, count: number): readonly BatchCase[] {
  return Array.from({ length: count }, (_, i) => ({ name: `seed ${first + i}`, input: randomEmitInput(first + i, { backend }) }));
}
