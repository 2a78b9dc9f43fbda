import type { UnitRules } from "./rules.ts";

/** The CPU runs every operation: what no other unit takes lands here. */
export const cpu: UnitRules = [
  { ops: "all", verdict: "runs", rule: "every operation runs on the CPU", source: { url: "https://developer.apple.com/documentation/coreml/mlcomputeunits", read: "2026-11-23" } },
];
