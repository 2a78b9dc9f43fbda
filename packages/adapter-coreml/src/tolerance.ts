import type { Graph } from "@edgewise/graph";
import { type Tolerance, relativeTolerance } from "@edgewise/quantizer";
import { type ModelInput, computeType } from "./lower.ts";

/** Float sums are taken in another order on each unit. */
const FLOAT_RELATIVE = 1e-4;

/**
 * Units may keep 11 bits of every intermediate number of a program typed float16.
 * Source: apple.github.io/coremltools/docs-guides/source/typed-execution.html
 */
const HALF_RELATIVE = 2e-2;

/** One step of an activation that is rounded to int8, as a share of the largest that its scale was made for. */
const STEP = 1 / 127;

/**
 * By how much an output may differ from the reference interpreter's.
 *
 * A number that lies half-way between two steps is rounded one way here and the other there: a step of an activation, either
 * way. n rounded activations add up like a random walk; three deviations of it are allowed.
 */
export function toleranceOf(graph: Graph, input: Pick<ModelInput, "precision" | "backend">): Tolerance {
  if (input.precision === "int8-symmetric") {
    const rounded = graph.nodes.filter(({ op }) => op === "Quantize").length;
    return relativeTolerance(Number(Math.max(HALF_RELATIVE, 3 * Math.sqrt(rounded) * STEP).toPrecision(3)), `int8-symmetric, ${rounded} rounded activations`);
  }
  return computeType(input) === "float32" ? relativeTolerance(FLOAT_RELATIVE, `${input.precision} computed in float32`) : relativeTolerance(HALF_RELATIVE, `${input.precision} computed in float16`);
}
