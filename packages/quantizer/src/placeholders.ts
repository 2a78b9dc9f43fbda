import type { Graph, Node, Value } from "@edgewise/graph";
import { type Ranges, structuralRanges } from "./ranges.ts";

/**
 * Ranges for a graph before any was taken, to learn its structure: support, operator counts and sizes.
 *
 *   the structural range of each value, within the clamp it lies behind: no calibrated range leaves that
 */
export function placeholderRanges(graph: Graph): Ranges {
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
