import type { ModelFile } from "@edgewise/adapter";
import { type Graph, type Result, ok } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { programBytes } from "./encode.ts";
import { lowerForLitert } from "./lower.ts";
import { axesOf } from "./turn.ts";

/** model.tflite of a graph in its precision, as LiteRT runs it to measure accuracy: no labels or other metadata. Errors: those of `lowerForLitert`. */
export function modelFile(graph: Graph, precision: Precision): Result<ModelFile> {
  const lowered = lowerForLitert(graph, precision);
  if (!lowered.ok) return lowered;
  const { program, inputs, outputs } = lowered.value;
  return ok({ bytes: programBytes(program), inputAxes: axesOf(inputs[0]), outputAxes: axesOf(outputs[0]) }, lowered.warnings);
}
