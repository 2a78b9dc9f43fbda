export { type Benchmark, type BenchmarkRow, rateOf, spreadOf, wattsOf } from "./benchmarks/benchmark.ts";
export { devices } from "./devices.ts";
