import { type Graph, type Value, type ValueId, dtypes } from "@edgewise/graph";

/** Real numbers that a value takes, from the smallest to the largest; float32 numbers. */
export type Range = readonly [low: number, high: number];

/** Ranges by value id: what calibration finds and `quantizeGraph` needs. */
export type Ranges = Readonly<Record<ValueId, Range>>;

/** Values that calibration observes: every float value that is computed or fed, in the order of the graph. */
export function observedValues(graph: Graph): readonly Value[] {
  const computed = [...graph.inputs, ...graph.nodes.flatMap((node) => node.outputs)];
  return computed.flatMap((id) => {
    const value = graph.values.get(id);
    return value && dtypes[value.dtype].kind === "float" && !value.quant ? [value] : [];
  });
}

/**
 * Placeholder ranges, so that a graph can be lowered and judged before anything is calibrated.
 *
 *   every value [−1, 1]
 *
 * The quantized graph has the structure, types and sizes of the final one; its scales mean nothing. Never emitted.
 */
export function structuralRanges(graph: Graph): Ranges {
  return Object.fromEntries(observedValues(graph).map((value) => [value.id, [-1, 1] as const]));
}

/** The least range that holds both. */
export function hull(a: Range, b: Range): Range {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Smallest and largest number of a list; [0, 0] for an empty one. NaN is passed over. */
export function rangeOf(data: ArrayLike<number | bigint>): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const x = Number(data[i]);
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return low <= high ? [low, high] : [0, 0];
}
