import { digest } from "@edgewise/adapter";
import { type Graph, type Result, fail, ok } from "@edgewise/graph";
import { type CalibrationFact, type Digest, type ModelFacts, type Precision, type Spec, canonicalText, needsCalibration } from "@edgewise/planner/schema";
import { palettize, quantizeGraph, quantizeInt16x8, symmetricActivations, toFloat16, weightOnly } from "@edgewise/quantizer";

/** What fixes the integers of a quantized model, before a single range is taken: the key of its calibration. */
export function calibrationKey(model: Pick<ModelFacts, "digest" | "quantized">, spec: Spec, digests: { readonly calibrationData: Digest | null; readonly contract: Digest }): Digest | null {
  if (model.quantized) return digest(canonicalText({ model: model.digest, calibration: "as in the file" }));
  const { calibration } = spec.task;
  if (calibration === null || digests.calibrationData === null) return null;
  return digest(canonicalText({ model: model.digest, data: digests.calibrationData, contract: digests.contract, method: calibration.method, samples: calibration.samples }));
}

interface Recipe {
  readonly model: ModelFacts;
  readonly calibration: CalibrationFact | null;
}

/** The graph that a candidate's recipe ships: canonical float graph → its precision. */
export function graphInPrecision(graph: Graph, precision: Precision, { model, calibration }: Recipe): Result<Graph> {
  if (model.quantized) return quantizeGraph(graph, {});
  if (calibration === null && needsCalibration(precision)) {
    return fail({ code: "NO_CALIBRATION", severity: "error", subject: { kind: "file", path: model.file }, summary: `${precision} needs calibration data`, fix: "Add task.calibration.data to the plan: representative inputs, labels are not needed." });
  }
  const { ranges, means } = calibration ?? { ranges: {}, means: {} };
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    // What is quantized while running is no fact of the graph: the runtime's kernels do it.
    case "int8-weights": case "int8-dynamic": return ok(weightOnly(graph));
    case "int4-palette": return ok(palettize(graph));
    case "int8": return quantizeGraph(graph, ranges, { means });
    case "int8-symmetric": return symmetricActivations(graph, ranges);
    case "int16x8": return quantizeInt16x8(graph, ranges, { means });
    default: return precision satisfies never;
  }
}
