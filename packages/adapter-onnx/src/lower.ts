import { type Graph, type Result, fail, ok } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { placeholderRanges, quantizeGraph, toFloat16, weightOnly } from "@edgewise/quantizer";
import { hasPrecision } from "./runtime.ts";

/**
 * The canonical graph in a precision before any range is known: node for node what `emit` will be given, with placeholder
 * scales. Support, operator counts and sizes follow from it.
 */
export function structuralGraph(graph: Graph, precision: Precision): Result<Graph> {
  if (!hasPrecision(precision)) return fail({ code: "ONNX_PRECISION", severity: "error", subject: { kind: "argument", name: "precision" }, summary: "ONNX Runtime does not compute in this precision", found: precision, fix: "Choose a precision that its backends list." });
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    case "int8-weights": return ok(weightOnly(graph));
    case "int8": return quantizeGraph(graph, placeholderRanges(graph));
    default: return precision satisfies never;
  }
}
