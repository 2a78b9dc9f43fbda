export { litertAdapter } from "./adapter.ts";
export { rulesOf } from "./delegates/backends.ts";
export { type PlacedOperator, type Placement, placementOf } from "./delegates/placement.ts";
export type { DelegateRules } from "./delegates/rules.ts";
export { lowerForLitert } from "./lower.ts";
export { toleranceOf } from "./tolerance.ts";
