export { floatReasons } from "./float-reasons.ts";
export type { Pass } from "./pass.ts";
export { int8Passes, reduceInt8 } from "./int8/reduce-int8.ts";
export { canonicalize, canonicalPasses } from "./pipeline.ts";
