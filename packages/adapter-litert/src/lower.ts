import { type LowerOptions, type LoweredTflite, dynamicWeights, lowerToTflite, unpackHalves } from "@edgewise/formats/tflite";
import { type Graph, type Node, type Result, type Value, type ValueId, fail, ok } from "@edgewise/graph";
import { decodeConstant, encodeTensor } from "@edgewise/graph/ops";
import type { Precision } from "@edgewise/planner/schema";
import { placeholderRanges, quantizeGraph, quantizeInt16x8, toFloat16, weightOnly } from "@edgewise/quantizer";
import { hasPrecision } from "./runtime.ts";

/**
 * The canonical graph in a precision before any range is known: node for node what `emit` will be given, with placeholder
 * scales. Support, operator counts and sizes follow from it. Errors: LITERT_PRECISION, and those of the quantizer.
 */
export function structuralGraph(graph: Graph, precision: Precision): Result<Graph> {
  if (!hasPrecision(precision)) {
    return fail({ code: "LITERT_PRECISION", severity: "error", subject: { kind: "argument", name: "precision" }, summary: "LiteRT files are not written in this precision", found: precision, fix: "Choose a precision that its backends list." });
  }
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    case "int8-weights": case "int8-dynamic": return ok(weightOnly(graph));
    case "int8": return quantizeGraph(graph, placeholderRanges(graph));
    case "int16x8": return quantizeInt16x8(graph, placeholderRanges(graph));
    default: return precision satisfies never;
  }
}

/**
 * A graph in its precision → the program that is written.
 *
 *   float16       FLOAT16 weights behind a DEQUANTIZE, activations FLOAT32
 *   int8-weights  INT8 weights behind a DEQUANTIZE
 *   int8-dynamic  INT8 weights read by CONV_2D and FULLY_CONNECTED as they are
 *
 * Errors: those of `lowerToTflite`.
 */
export function lowerForLitert(graph: Graph, precision: Precision, options: Pick<LowerOptions, "borders"> = {}): Result<LoweredTflite> {
  const lowered = lowerToTflite(precision === "float16" ? halvesForWeights(graph) : graph, options);
  if (!lowered.ok) return lowered;
  const change = precision === "float16" ? unpackHalves<LoweredTflite> : precision === "int8-dynamic" ? dynamicWeights<LoweredTflite> : null;
  return change === null ? lowered : ok(change(lowered.value), lowered.warnings);
}

/** Nodes that multiply by their second input. */
const weighted: readonly string[] = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

/** A float16 graph computed in float32: weights stay float16, everything else is widened, and the casts at the borders are copies. */
function halvesForWeights(graph: Graph): Graph {
  const weights = new Set(graph.nodes.filter(({ op }) => weighted.includes(op)).map(({ inputs }) => inputs[1] ?? ""));
  const others = new Set(graph.nodes.flatMap((node) => node.inputs.filter((id, position) => id !== null && !(weighted.includes(node.op) && position === 1))));
  const keeps = (id: ValueId): boolean => weights.has(id) && !others.has(id);
  const values = new Map([...graph.values].map(([id, value]) => [id, value.dtype === "float16" && !(value.constant && keeps(id)) ? widened(value) : value]));
  const nodes = graph.nodes.map((node): Node => (isBorderCast(graph, node) ? { ...node, op: "Identity", attrs: {} } : node));
  return { ...graph, values, nodes };
}

function isBorderCast({ values }: Graph, { op, inputs: [from], outputs: [to] }: Node): boolean {
  const types = [values.get(from ?? "")?.dtype, values.get(to ?? "")?.dtype];
  return op === "Cast" && types.includes("float16") && types.includes("float32");
}

function widened(value: Value): Value {
  if (!value.constant) return { ...value, dtype: "float32" };
  const { shape, data } = decodeConstant(value);
  return { ...value, dtype: "float32", constant: { bytes: encodeTensor({ dtype: "float32", shape, data }) } };
}
