export { floatReasons } from "./float-reasons.ts";
export type { Pass } from "./pass.ts";
export { canonicalize, canonicalPasses } from "./pipeline.ts";
