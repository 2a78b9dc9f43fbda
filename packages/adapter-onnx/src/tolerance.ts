import { type Graph, invariant } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { type Tolerance, integerTolerance, relativeTolerance } from "@edgewise/quantizer";
import { type OnnxPrecision, hasPrecision } from "./runtime.ts";

/** Float sums are taken in another order on each machine; float16 keeps 11 bits of every intermediate number. */
const relativeOf: Readonly<Record<Exclude<OnnxPrecision, "int8">, number>> = { float32: 1e-4, "int8-weights": 1e-4, float16: 2e-2 };

/** By how much onnxruntime's outputs may differ from the reference interpreter's. */
export function toleranceOf(graph: Graph, precision: Precision): Tolerance {
  invariant(hasPrecision(precision), `a precision of ONNX Runtime: ${precision}`);
  return precision === "int8" ? integerTolerance(graph) : relativeTolerance(relativeOf[precision], precision);
}
