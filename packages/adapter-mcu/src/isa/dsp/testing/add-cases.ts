import { parseGraph } from "@edgewise/graph";
import type { BatchCase } from "../../../testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers } from "../../../testing/quantized-case.ts";

/** Elements: none of a word, every rest of the loop's eight, and some turns of it. */
const counts: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 31, 64, 100];

/** A value, a table of it, and their sum or difference; the sum may lie over either. */
function addText(count: number, seed: number): string {
  const next = randomNumbers(seed);
  const whole = (low: number, high: number): number => low + next(high - low + 1);
  const scale = (): number => Math.fround((10 + next(90)) / 400);
  const [a, b] = [scale(), scale()];
  const rectified = seed % 2 === 0;
  const output = Math.fround((a + b) * (0.5 + next(100) / 100));
  return `graph sum
in x: int8[1, ${count}] scale=${a} zero=${whole(-40, 40)}
r: int8[1, ${count}] scale=${b} zero=${whole(-40, 40)} = LeakyRelu(x) alpha=-0.75
y: int8[1, ${count}] scale=${output} zero=${rectified ? -128 : whole(-40, 40)} = ${seed % 3 === 0 ? "Sub" : "Add"}(x, r)${rectified ? " clampMin=0" : ""}
out y
`;
}

/** Sums and differences with a line for each pair of scales, named by their number of elements. */
export const addCases: readonly BatchCase[] = counts.map((count, seed) => {
  const graph = parseGraph(addText(count, seed + 1));
  return { name: `${count} elements`, input: emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed + 1, 6), backend: "dsp" }) };
});
