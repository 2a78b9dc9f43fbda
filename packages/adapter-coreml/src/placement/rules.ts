import type { Graph, Node, OpName } from "@edgewise/graph";
import type { CoremlPrecision } from "../runtime.ts";

/** Where a rule was read. */
export interface Source {
  readonly url: string;
  readonly read: string;
}

/** A layer as the rules see it. */
export interface LayerView {
  readonly graph: Graph;
  readonly node: Node;
  readonly precision: CoremlPrecision;
}

/**
 * What is publicly known of one unit and one kind of layer.
 *
 *   runs     Core ML can place it there: seen so in published compute plans, or stated by Apple
 *   leaves   Core ML does not
 *   unknown  nobody has said
 */
export interface PlacementRule {
  readonly ops: readonly OpName[] | "all";
  readonly verdict: "runs" | "leaves" | "unknown";
  /** Ends the sentence "predicted: …". */
  readonly rule: string;
  readonly source: Source;
  /** Absent: every layer of these ops. */
  readonly when?: (layer: LayerView) => boolean;
}

/** The first rule that fits a layer decides; the last fits all. */
export type UnitRules = readonly [PlacementRule, ...PlacementRule[]];

export function ruleFor(rules: UnitRules, layer: LayerView): PlacementRule {
  return rules.find(({ ops, when }) => (ops === "all" || ops.includes(layer.node.op)) && (when?.(layer) ?? true)) ?? rules[0];
}
