import { type Graph, type Node, type Uses, type Value, type ValueId, dtypes, elementCount, indexUses, valueOf } from "@edgewise/graph";
import { realData } from "./real-data.ts";

/** Entries of a 4-bit table. */
export const PALETTE_ENTRIES = 16;

/** A table of reals and, for each number of a tensor, which entry stands for it. */
export interface Palette {
  /** Ascending float32 numbers, all different; at most `PALETTE_ENTRIES`. */
  readonly table: Float32Array;
  /** One entry's position a number, in the order of the data. */
  readonly indices: Uint8Array;
}

/**
 * The float graph with the weights of Conv, ConvTranspose, Gemm and MatMul drawn from a table of 16 numbers a tensor.
 *
 *   The weights stay float32 constants, of at most 16 different values: table and indices follow from them without loss,
 *   so the graph itself is the promise that a file's table and indices must dequantize to, bit for bit.
 *
 * As in `weightOnly`, biases, weights that another kind of layer reads too, and those of fewer than two axes stay as they
 * are; so do weights of fewer than `LEAST_ELEMENTS`, whose table would cost more than it saves.
 */
export function palettize(graph: Graph): Graph {
  const uses = indexUses(graph);
  const values = new Map<ValueId, Value>(graph.values);
  for (const id of paletteWeights(graph, uses)) {
    const weight = valueOf(graph, id);
    const { table, indices } = paletteOf(realData(weight));
    const data = Float32Array.from(indices, (index) => table[index] ?? 0);
    values.set(id, { ...weight, dtype: "float32", constant: { bytes: new Uint8Array(data.buffer) } });
  }
  return { ...graph, values };
}

/** Two tables' worth of 4-bit indices: below it nothing is saved. */
const LEAST_ELEMENTS = 64;

/** Ids of the weights that `palettize` draws from tables, in the order of the nodes. */
function paletteWeights(graph: Graph, uses: Uses): readonly ValueId[] {
  const ids = graph.nodes.filter(multiplies).map(({ inputs }) => inputs[1] ?? "");
  return [...new Set(ids)].filter((id) => {
    const value = graph.values.get(id);
    if (!value?.constant || value.quant !== null || dtypes[value.dtype].kind !== "float" || uses.isOutput(id)) return false;
    const shape = (value.shape ?? []).map(Number);
    return shape.length >= 2 && elementCount(shape) >= LEAST_ELEMENTS && uses.consumers(id).every((node) => multiplies(node) && node.inputs[1] === id);
  });
}

function multiplies({ op }: Node): boolean {
  return op === "Conv" || op === "ConvTranspose" || op === "Gemm" || op === "MatMul";
}

/**
 * The table of at most 16 numbers with a small squared error, and each number's nearest entry.
 *
 *   Lloyd's rounds on the sorted numbers: entries are means, borders lie half-way between; of two starts (equal counts,
 *   equal widths) the better one; of two entries equally near the lower
 *
 * Numbers of at most 16 different values are kept exactly. Nothing is random. Source: Lloyd 1982, doi.org/10.1109/TIT.1982.1056489.
 */
export function paletteOf(data: ArrayLike<number>): Palette {
  const sorted = Float64Array.from(data, (x) => x + 0).sort(); // −0 becomes +0
  const table = distinctAtMost(sorted) ?? fitted(sorted);
  return { table, indices: Uint8Array.from(data, (x) => nearestEntry(table, x)) };
}

/** The different numbers, when a table holds them all. */
function distinctAtMost(sorted: Float64Array): Float32Array | null {
  const found: number[] = [];
  for (const x of sorted) {
    if (x === found.at(-1)) continue;
    if (found.length === PALETTE_ENTRIES || Math.fround(x) !== x) return null;
    found.push(x);
  }
  return Float32Array.from(found);
}

function fitted(sorted: Float64Array): Float32Array {
  const sums = new Float64Array(sorted.length + 1);
  sorted.forEach((x, i) => { sums[i + 1] = (sums[i] ?? 0) + x; });
  const counts = Array.from({ length: PALETTE_ENTRIES }, (_, k) => sorted[Math.floor((k + 0.5) * sorted.length / PALETTE_ENTRIES)] ?? 0);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const widths = Array.from({ length: PALETTE_ENTRIES }, (_, k) => least + (most - least) * (k + 0.5) / PALETTE_ENTRIES);
  const [first, second] = [counts, widths].map((start) => tableFrom(lloyd(start, { sorted, sums })));
  if (first === undefined || second === undefined) return new Float32Array(0);
  return squaredError(sorted, second) < squaredError(sorted, first) ? second : first;
}

interface Sorted {
  readonly sorted: Float64Array;
  /** sums[i] is the sum of the first i numbers. */
  readonly sums: Float64Array;
}

/** More rounds than any tensor needs; each takes 16 binary searches. */
const MAX_ROUNDS = 500;

/** Means between half-way borders, until no border moves; a range without numbers keeps its entry. */
function lloyd(start: readonly number[], { sorted, sums }: Sorted): readonly number[] {
  let entries = start;
  let borders: readonly number[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = [0, ...entries.slice(1).map((entry, k) => countUpTo(sorted, ((entries[k] ?? 0) + entry) / 2)), sorted.length];
    if (next.every((border, k) => border === borders[k])) return entries;
    borders = next;
    entries = entries.map((entry, k) => {
      const [from, to] = [next[k] ?? 0, next[k + 1] ?? 0];
      return to === from ? entry : ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
    });
  }
  return entries;
}

/** How many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tableFrom(entries: readonly number[]): Float32Array {
  return Float32Array.from(new Set(entries.map((entry) => Math.fround(entry) + 0))).sort();
}

function squaredError(data: Float64Array, table: Float32Array): number {
  return data.reduce((sum, x) => sum + (x - (table[nearestEntry(table, x)] ?? 0)) ** 2, 0);
}

function nearestEntry(table: Float32Array, x: number): number {
  let best = 0;
  for (let k = 1; k < table.length; k++) {
    if (Math.abs((table[k] ?? 0) - x) < Math.abs((table[best] ?? 0) - x)) best = k;
  }
  return best;
}
