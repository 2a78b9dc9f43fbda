export { mcuAdapter } from "./adapter.ts";
export { type Lowering, lowerGraph } from "./lower.ts";
export type { Layer, Port, Program } from "./program.ts";
export { runtime as mcuRuntime } from "./runtime.ts";
