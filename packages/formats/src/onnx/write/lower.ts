import { type Graph, type Node, dataInputs, valueOf } from "@edgewise/graph";
import { fileForm } from "./form.ts";
import type { FileGraph, FilePort } from "./node.ts";
import { padInputs } from "./pad.ts";
import { type Draft, addNode, addNumbers, constantTensor, dequantize, dequantizeTo, dtypeOf, freshValue, newDraft, quantize, representable } from "./qdq.ts";

/**
 * IR → nodes of a file. Facts on values become QuantizeLinear/DequantizeLinear pairs around float ops, the form that
 * onnxruntime fuses into integer kernels; clamps become Relu or Clip, unless saturation of the quantized result is that
 * clamp already. `fetch` adds values to the outputs.
 */
export function lowerGraph(graph: Graph, { fetch, opset }: { readonly fetch: readonly string[]; readonly opset: number }): FileGraph {
  const draft = newDraft(graph, opset);
  const returned = new Set([...graph.outputs, ...fetch]);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  for (const value of graph.values.values()) {
    if (value.constant !== null && (read.has(value.id) || returned.has(value.id))) draft.tensors.push(constantTensor(value));
  }
  for (const node of graph.nodes) lowerNode(draft, node);
  const port = (id: string): FilePort => {
    const { dtype, shape } = valueOf(graph, id);
    return { name: id, dtype, shape };
  };
  const inputs = new Set(draft.nodes.flatMap((node) => node.inputs));
  return {
    name: graph.name, nodes: draft.nodes,
    tensors: draft.tensors.filter(({ name }) => inputs.has(name) || returned.has(name)),
    inputs: graph.inputs.map(port),
    outputs: [...returned].map(port),
  };
}

function lowerNode(draft: Draft, node: Node): void {
  const [output = ""] = node.outputs;
  switch (node.op) {
    case "Quantize":
      quantize(draft, dequantize(draft, node.inputs[0] ?? ""), output);
      return;
    case "Dequantize":
      dequantizeTo(draft, node.inputs[0] ?? "", output);
      return;
    default:
  }
  const data = new Set(dataInputs(node));
  const form = fileForm(draft.graph, node, draft.opset);
  const given = node.inputs.slice(0, form.inputCount).map((id) => id === null ? "" : data.has(id) ? dequantize(draft, id) : id);
  const inputs = node.op === "Pad" ? padInputs(draft, node, given) : given;
  const results = node.outputs.map((id) => valueOf(draft.graph, id).quant === null ? id : freshValue(draft, `${id}_float`, "float32"));
  const clamp = clampOf(draft, node);
  const made = clamp === null ? results : [freshValue(draft, `${output}_unclamped`, dtypeOf(draft, results[0] ?? "")), ...results.slice(1)];
  addNode(draft, { opType: node.op, name: node.origin.node, inputs, outputs: made, attrs: form.attrs });
  if (clamp !== null) lowerClamp(draft, clamp, { from: made[0] ?? "", to: results[0] ?? "", name: node.origin.node });
  node.outputs.forEach((id, index) => {
    if (valueOf(draft.graph, id).quant !== null) quantize(draft, results[index] ?? "", id);
  });
}

interface Clamp {
  readonly min: number | null;
  readonly max: number | null;
}

/** What remains of the node's clamp once saturation of its quantized output has done its part; null: nothing. */
function clampOf(draft: Draft, node: Node): Clamp | null {
  const bound = (name: string): number | null => {
    const attr = node.attrs[name];
    return typeof attr === "number" && Number.isFinite(attr) ? attr : null;
  };
  const range = representable(valueOf(draft.graph, node.outputs[0] ?? ""));
  const [min, max] = [bound("clampMin"), bound("clampMax")];
  const clamp: Clamp = {
    min: min !== null && range !== null && range.low >= min ? null : min,
    max: max !== null && range !== null && range.high <= max ? null : max,
  };
  return clamp.min === null && clamp.max === null ? null : clamp;
}

function lowerClamp(draft: Draft, clamp: Clamp, about: { readonly from: string; readonly to: string; readonly name: string }): void {
  if (clamp.min === 0 && clamp.max === null) {
    addNode(draft, { opType: "Relu", name: `${about.name}_relu`, inputs: [about.from], outputs: [about.to], attrs: {} });
    return;
  }
  const limit = (hint: string, value: number | null): string =>
    value === null ? "" : addNumbers(draft, `${about.to}_${hint}`, { dtype: dtypeOf(draft, about.to), shape: [], numbers: [value] });
  const inputs = [about.from, limit("min", clamp.min), limit("max", clamp.max)];
  while (inputs[inputs.length - 1] === "") inputs.pop();
  addNode(draft, { opType: "Clip", name: `${about.name}_clip`, inputs, outputs: [about.to], attrs: {} });
}
