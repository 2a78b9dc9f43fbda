import { type Graph, type Node, workOf } from "@edgewise/graph";
import type { Estimate, LayerFact } from "@edgewise/planner/schema";
import type { CoremlPrecision } from "../runtime.ts";
import { ane } from "./ane.ts";
import { cpu } from "./cpu.ts";
import { gpu } from "./gpu.ts";
import { type PlacementRule, type UnitRules, ruleFor } from "./rules.ts";

type UnitKind = LayerFact["unitKind"] & string;

/** Predicted place of one layer, and the rule that decided. */
export interface Placement {
  readonly node: Node;
  readonly macs: number;
  /** Parameters read and results written, bytes. */
  readonly bytesMoved: number;
  /** Unit that it is predicted to run on; of an unknown, the CPU. */
  readonly unitKind: UnitKind;
  readonly known: boolean;
  readonly rule: PlacementRule;
}

const rulesOf: Readonly<Record<UnitKind, UnitRules>> = { cpu, gpu, npu: ane };

/**
 * Where Core ML is predicted to run each layer of a graph, when an app asks for this unit and the CPU. Never what it does:
 * that depends on device, system and sizes, and only MLComputePlan on the device says it.
 */
export function predictPlacement(graph: Graph, about: { readonly precision: CoremlPrecision; readonly unitKind: UnitKind }): readonly Placement[] {
  return workOf(graph).nodes.map(({ node, macs, parameterBytes, activationBytes }) => {
    const rule = ruleFor(rulesOf[about.unitKind], { graph, node, precision: about.precision });
    return { node, macs, bytesMoved: parameterBytes + activationBytes, unitKind: rule.verdict === "runs" ? about.unitKind : "cpu", known: rule.verdict !== "unknown", rule };
  });
}

/** "predicted on the Neural Engine: convolutions were placed there". */
export function placementWords({ unitKind, known, rule }: Placement): string {
  return known ? `predicted on the ${unitWords[unitKind]}: ${rule.rule}` : `predicted on the CPU, for want of knowledge: ${rule.rule}`;
}

const unitWords: Readonly<Record<UnitKind, string>> = { cpu: "CPU", gpu: "GPU", npu: "Neural Engine" };

/**
 * Share of the multiply-accumulates on the unit.
 *
 *   low       0: Core ML keeps small models on the CPU, and says nowhere below which size
 *   expected  layers whose rule puts them there
 *   high      these and those of which nobody knows
 *
 * Source of the low end: github.com/vx-lang/Vx/issues/436, a plan that supports the Neural Engine and prefers the CPU.
 */
export function coverageOf(placements: readonly Placement[]): Estimate {
  const total = placements.reduce((sum, { macs }) => sum + macs, 0);
  const share = (counts: (placement: Placement) => boolean): number => total === 0 ? 0 : placements.reduce((sum, each) => sum + (counts(each) ? each.macs : 0), 0) / total;
  const expected = share(({ unitKind }) => unitKind !== "cpu");
  return { low: 0, expected, high: share(({ unitKind, known }) => unitKind !== "cpu" || !known), basis: "modelled" };
}
