import type { Basis, Sourced } from "@edgewise/planner/schema";

/** Whole networks timed on one chip with one engine, as a public page states them. */
export interface Timings {
  readonly ref: string;
  /** Day on which the page was read. */
  readonly date: string;
  readonly chip: string;
  readonly engine: string;
  readonly rows: readonly BenchmarkRow[];
}

/** Timings at a clock, from which they can be moved to another. */
export interface Benchmark extends Timings {
  readonly clockHz: number;
}

export interface BenchmarkRow {
  readonly model: string;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** Milliseconds of one inference. */
  readonly ms: number;
  /** Microjoules of one inference, where the page has them. */
  readonly uj?: number;
}

/** Rates of an engine that is not ours, or of a sibling chip, say less than their own scatter: at least a factor of 2. */
const LEAST_SPREAD = 2;

/**
 * Sustained compute rate of a chip, from whole networks.
 *
 *   rate = factor · geometric mean over all rows of macs / seconds
 *
 * `factor` moves a rate to another clock or core count (then say why, and the basis is "assumed"). Overheads and memory
 * traffic of those networks are in the rate. Units: multiply-accumulates per second.
 */
export function rateOf(benchmarks: readonly Timings[], moved: { readonly factor: number; readonly basis: Basis } = { factor: 1, basis: "published" }): Sourced<number> {
  return { value: rounded(moved.factor * geometricMean(ratesOf(benchmarks))), basis: moved.basis, ...sourceOf(benchmarks) };
}

/** How far single networks lie from the rate: max(highest / mean, mean / lowest), at least 2. */
export function spreadOf(benchmarks: readonly Timings[], moved: { readonly factor: number; readonly basis: Basis } = { factor: 1, basis: "published" }): Sourced<number> {
  const rates = ratesOf(benchmarks);
  const mean = geometricMean(rates);
  const scatter = Math.max(LEAST_SPREAD, Math.max(...rates) / mean, mean / Math.min(...rates));
  return { value: rounded(moved.factor * scatter), basis: moved.basis, ...sourceOf(benchmarks) };
}

/** Power while inferring: geometric mean of energy / time, in watts, over the rows that have an energy. */
export function wattsOf(benchmarks: readonly Timings[]): Sourced<number> {
  const watts = benchmarks.flatMap(({ rows }) => rows).flatMap(({ uj, ms }) => (uj === undefined ? [] : [uj / ms / 1000]));
  return { value: rounded(geometricMean(watts)), basis: "published", ...sourceOf(benchmarks) };
}

/** How far single rows lie from `wattsOf`: max(highest / mean, mean / lowest). */
export function wattsSpreadOf(benchmarks: readonly Timings[]): Sourced<number> {
  const watts = benchmarks.flatMap(({ rows }) => rows).flatMap(({ uj, ms }) => (uj === undefined ? [] : [uj / ms / 1000]));
  const mean = geometricMean(watts);
  return { value: rounded(Math.max(...watts.map((each) => Math.max(each / mean, mean / each)))), basis: "published", ...sourceOf(benchmarks) };
}

function ratesOf(benchmarks: readonly Timings[]): readonly number[] {
  return benchmarks.flatMap(({ rows }) => rows.map(({ macs, ms }) => (1000 * macs) / ms));
}

function sourceOf(benchmarks: readonly Timings[]): Pick<Sourced<number>, "ref" | "date"> {
  return {
    ref: [...new Set(benchmarks.map(({ ref }) => ref))].join(" "),
    date: benchmarks.map(({ date }) => date).sort().at(-1) ?? "",
  };
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Three digits: what such a mean can carry, and free of the last bits in which machines' logarithms differ. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
