import { type Graph, type Node, type Value, valueOf } from "../graph.ts";
import { sameQuant } from "../quant.ts";
import { sameShape } from "../shape.ts";
import { decodeConstant } from "../tensor-codec.ts";
import type { Pass } from "./pass.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

/**
 * Removes nodes whose result is their input: Identity; Cast and Quantize to what it already is; Reshape, Flatten, Squeeze,
 * Unsqueeze and Slice to the same shape; Transpose that moves nothing; Pad by nothing; Concat of one; pools of one element.
 *
 * Does not apply when shapes are unknown, nor to a node that connects a graph input or constant straight to a graph
 * output: a graph has no other way to say so.
 */
export const dropIdentity: Pass = {
  name: "drop-identity",
  summary: "removes nodes whose result is their input",
  run: (graph: Graph): Graph => rewriteEach(graph, dropAt),
};

function dropAt({ graph, uses, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (input === null || output === null || node.outputs.length !== 1) return null;
  const before = valueOf(graph, input);
  const after = valueOf(graph, output);
  if (before.dtype !== after.dtype || !sameQuant(before.quant, after.quant) || !changesNothing(graph, node, { before, after })) return null;
  if (!uses.isOutput(output)) return { replace: new Map([[node, []]]), rename: new Map([[output, input]]) };
  const producer = uses.producer(input);
  if (!producer || uses.isOutput(input)) return null;
  const outputs = producer.outputs.map((id) => (id === input ? output : id));
  return { replace: new Map([[producer, [{ ...producer, outputs }]], [node, []]]), rename: new Map([[input, output]]) };
}

function changesNothing(graph: Graph, node: Node, { before, after }: { readonly before: Value; readonly after: Value }): boolean {
  const sameKnownShape = before.shape !== null && sameShape(before.shape, after.shape);
  switch (node.op) {
    case "Identity": case "Cast": return true;
    case "Quantize": return before.quant !== null;
    case "Reshape": case "Flatten": case "Squeeze": case "Unsqueeze": return sameKnownShape;
    case "Concat": return node.inputs.length === 1;
    case "Transpose": return before.shape !== null && permOf(node, before.shape.length).every((from, to) => from === to);
    case "Pad": return sameKnownShape && isConstantOf(graph, node.inputs[1] ?? null, (pad) => pad === 0);
    case "Slice": return sameKnownShape && isConstantOf(graph, node.inputs[4] ?? null, (step) => step === 1);
    case "MaxPool": case "AveragePool": return sameKnownShape && isUnitPool(node);
    default: return false;
  }
}

/** perm of a Transpose; reversed axes when left out. */
export function permOf(node: Node, rank: number): readonly number[] {
  const perm = node.attrs["perm"];
  return Array.isArray(perm) ? perm.map(Number) : Array.from({ length: rank }, (_, i) => rank - 1 - i);
}

function isConstantOf(graph: Graph, id: string | null, accepts: (x: number) => boolean): boolean {
  if (id === null) return true;
  const value = valueOf(graph, id);
  return value.constant !== null && Array.from(decodeConstant(value).data, Number).every(accepts);
}

function isUnitPool(node: Node): boolean {
  const all = (name: string, wanted: number): boolean => {
    const attr = node.attrs[name] ?? [];
    return Array.isArray(attr) && attr.every((x) => x === wanted);
  };
  const plain = node.attrs["clampMin"] === undefined && node.attrs["clampMax"] === undefined;
  return plain && all("kernel_shape", 1) && all("strides", 1) && all("pads", 0);
}
