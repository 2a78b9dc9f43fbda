import { type Graph, invariant } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { type Tolerance, integerTolerance, relativeTolerance } from "@edgewise/quantizer";
import { type LitertPrecision, hasPrecision } from "./runtime.ts";

/** Float sums are taken in another order on each machine; weights of 16 bits may be multiplied in 11 bits on a GPU; activations of 16 bits hardly move. */
const relativeOf: Readonly<Record<Exclude<LitertPrecision, "int8" | "int8-dynamic">, number>> = { float32: 1e-4, "int8-weights": 1e-4, float16: 2e-2, int16x8: 1e-2 };

/** Half a step of 1/127 either way, for each layer that rounds its activations while running. */
const STEP_SHARE = 1 / 127;

const weighted: readonly string[] = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

/** By how much LiteRT's outputs may differ from the reference interpreter's. */
export function toleranceOf(graph: Graph, precision: Precision): Tolerance {
  invariant(hasPrecision(precision), `a precision of LiteRT: ${precision}`);
  if (precision === "int8") return integerTolerance(graph);
  if (precision !== "int8-dynamic") return relativeTolerance(relativeOf[precision], precision);
  // Roundings of n layers add up like a random walk, of which this is three deviations.
  const layers = graph.nodes.filter(({ op }) => weighted.includes(op)).length;
  return relativeTolerance(Number((Math.ceil(3 * Math.sqrt(layers)) * STEP_SHARE).toPrecision(3)), `${precision}, ${layers} layers that round`);
}
