import { digest } from "@edgewise/adapter";
import { type Graph, type Result, fail, ok } from "@edgewise/graph";
import { type CalibrationFact, type Digest, type ModelFacts, type Precision, type Spec, canonicalText } from "@edgewise/planner/schema";
import { quantizeGraph, toFloat16, weightOnly } from "@edgewise/quantizer";

/** What fixes the integers of a quantized model, before a single range is taken: the key of its calibration. */
export function calibrationKey(model: Pick<ModelFacts, "digest" | "quantized">, spec: Spec, digests: { readonly calibrationData: Digest | null; readonly contract: Digest }): Digest | null {
  if (model.quantized) return digest(canonicalText({ model: model.digest, calibration: "as in the file" }));
  const { calibration } = spec.task;
  if (calibration === null || digests.calibrationData === null) return null;
  return digest(canonicalText({ model: model.digest, data: digests.calibrationData, contract: digests.contract, method: calibration.method, samples: calibration.samples }));
}

/** The graph that a candidate's recipe ships: canonical float graph → its precision. */
export function graphInPrecision(graph: Graph, precision: Precision, about: { readonly model: ModelFacts; readonly calibration: CalibrationFact | null }): Result<Graph> {
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    case "int8-weights": return ok(weightOnly(graph));
    case "int8": {
      if (about.model.quantized) return quantizeGraph(graph, {});
      if (about.calibration !== null) return quantizeGraph(graph, about.calibration.ranges, { means: about.calibration.means });
      return fail({ code: "NO_CALIBRATION", severity: "error", subject: { kind: "file", path: about.model.file }, summary: "int8 needs calibration data", fix: "Add task.calibration.data to the plan: representative inputs, labels are not needed." });
    }
    default: return precision satisfies never;
  }
}
