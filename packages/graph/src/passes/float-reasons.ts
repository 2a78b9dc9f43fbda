import type { Diagnostic } from "../diagnostic.ts";
import type { Graph, Node } from "../graph.ts";
import { dataInputs } from "../quant-rule.ts";
import { indexUses } from "../uses.ts";
import { subjectOf } from "../verify.ts";
import { absorption } from "./absorb-qdq.ts";

/**
 * What of a quantized file stays in float, and why: one warning per node that reads a Dequantize, or that computes what a
 * Quantize reads from something quantized; and one per QuantizeLinear or DequantizeLinear that could not become a fact.
 * Empty for a float graph.
 */
export function floatReasons(graph: Graph): readonly Diagnostic[] {
  const uses = indexUses(graph);
  return graph.nodes.flatMap((node) => {
    if (node.op === "QuantizeLinear" || node.op === "DequantizeLinear") return [notLowered(node)];
    if (node.op === "Quantize" || node.op === "Dequantize") return [];
    if (!dataInputs(node).some((id) => uses.producer(id)?.op === "Dequantize")) return [];
    const found = absorption({ graph, uses, node });
    return "reason" in found ? [staysFloat(node, found.reason)] : [];
  });
}

function staysFloat(node: Node, reason: string): Diagnostic {
  return {
    code: "QDQ_FLOAT_NODE", severity: "warning",
    summary: `${node.op} of this quantized model runs in float.`,
    subject: subjectOf(node),
    detail: `${reason}.`,
    fix: "Quantize this node's inputs and result in the file, or accept a float layer.",
  };
}

function notLowered(node: Node): Diagnostic {
  return {
    code: "QDQ_NOT_LOWERED", severity: "warning",
    summary: `${node.op} could not become a quantization fact.`,
    subject: subjectOf(node),
    detail: "Its parameters are computed, blocked, of another type than 8- to 32-bit integers, or disagree with another node at the same value.",
    fix: "Export with constant per-tensor or per-channel parameters that agree at each value.",
  };
}
