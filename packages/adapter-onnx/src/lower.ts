import { type Graph, type Node, type Result, type Value, ok } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { type Ranges, quantizeGraph, structuralRanges, toFloat16, weightOnly } from "@edgewise/quantizer";

/**
 * The canonical graph in a precision before any range is known: node for node what `emit` will be given, with placeholder
 * scales. Support, operator counts and sizes follow from it.
 */
export function structuralGraph(graph: Graph, precision: Precision): Result<Graph> {
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    case "int8-weights": return ok(weightOnly(graph));
    case "int8": return quantizeGraph(graph, placeholders(graph));
    default: return precision satisfies never;
  }
}

/** A value behind a clamp never leaves it, so no range that is calibrated will. */
function placeholders(graph: Graph): Ranges {
  const ranges = structuralRanges(graph);
  const clamped = graph.nodes.flatMap(({ attrs, outputs: [id = ""] }) => {
    const [low, high] = ranges[id] ?? [0, 0];
    const [min, max] = [attrs["clampMin"] ?? -Infinity, attrs["clampMax"] ?? Infinity];
    return id in ranges && typeof min === "number" && typeof max === "number" ? [[id, [Math.min(max, Math.max(low, min)), Math.max(min, Math.min(high, max))]] as const] : [];
  });
  return { ...ranges, ...Object.fromEntries(clamped) };
}

export function hasClamps({ nodes }: Graph): boolean {
  return nodes.some(({ attrs }) => "clampMin" in attrs || "clampMax" in attrs);
}

/** An int8 graph whose clamps are all done by saturation: the smallest file that ranges can lead to. */
export function withoutClamps(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node): Node => {
    const { clampMin: _, clampMax: __, ...attrs } = node.attrs;
    return { ...node, attrs };
  }) };
}

/** Beyond the clamps of any trained network, at every stored integer but zero. */
const WIDE_SCALE = 2 ** 20;

/** An int8 graph none of whose clamps is done by saturation, because its scales are wide: the largest file. */
export function withWideScales(graph: Graph): Graph {
  const widened = ([id, value]: readonly [string, Value]): readonly [string, Value] =>
    value.constant === null && value.quant !== null && value.quant.axis === null ? [id, { ...value, quant: { ...value.quant, scale: [WIDE_SCALE], zeroPoint: [0] } }] : [id, value];
  return { ...graph, values: new Map([...graph.values].map(widened)) };
}
