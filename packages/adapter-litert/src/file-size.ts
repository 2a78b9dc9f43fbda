import type { Graph, Value } from "@edgewise/graph";
import type { Estimate, Precision, TaskContract } from "@edgewise/planner/schema";
import { withWideScales, withoutClamps } from "@edgewise/quantizer";
import { modelBytes } from "./encode.ts";
import { lowerForLitert } from "./lower.ts";

/** Contents of a constant begin at multiples of this: how much one may move those behind it. */
const ALIGNMENT_BYTES = 16;

/**
 * Bytes of model.tflite before calibration.
 *
 *   exact where no range is open
 *   else from all clamps done by saturation and all scales equal, to no clamp done so and no two scales equal: equal
 *   scales and constants stand in the file once
 *
 * `final`: the graph's integers are those that are written.
 */
export function fileSize(graph: Graph, { final, ...about }: Written & { readonly final: boolean }): Estimate {
  const { precision } = about;
  const written = writtenBytes(graph, about);
  const open = !final && (precision === "int8" || precision === "int16x8");
  if (!open) return { low: written.bytes, expected: written.bytes, high: written.bytes, basis: "modelled" };
  const smallest = writtenBytes(withWideScales(withoutClamps(graph)), about);
  const largest = writtenBytes(withDistinctScales(withWideScales(graph)), about);
  const slack = ALIGNMENT_BYTES * written.constants;
  return { low: Math.min(smallest.bytes, written.bytes) - slack, expected: written.bytes, high: Math.max(largest.bytes, written.bytes) + slack, basis: "modelled" };
}

interface Written {
  readonly precision: Precision;
  readonly contract: TaskContract;
}

function writtenBytes(graph: Graph, { precision, contract }: Written): { readonly bytes: number; readonly constants: number } {
  const lowered = lowerForLitert(graph, precision);
  if (!lowered.ok) return { bytes: 0, constants: 0 };
  return { bytes: modelBytes(lowered.value, contract).length, constants: lowered.value.program.tensors.filter(({ data }) => data !== null).length };
}

/** No two activations share a scale or zero point. */
function withDistinctScales(graph: Graph): Graph {
  let number = 0;
  const distinct = ([id, value]: readonly [string, Value]): readonly [string, Value] => {
    if (value.constant !== null || value.quant === null || value.quant.axis !== null) return [id, value];
    number += 1;
    return [id, { ...value, quant: { ...value.quant, scale: [(value.quant.scale[0] ?? 1) * (1 + number / 2 ** 12)], zeroPoint: [(number % 255) - 127] } }];
  };
  return { ...graph, values: new Map([...graph.values].map(distinct)) };
}
