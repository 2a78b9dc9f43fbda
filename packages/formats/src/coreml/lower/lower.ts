import { type Node, subjectOf, valueOf } from "@edgewise/graph";
import { addLimits, limitsOf } from "./clamp.ts";
import { type Draft, addOperation, typeOf } from "./draft.ts";
import { addPair } from "./pair.ts";
import { lowerings } from "./registry.ts";
import { nameOf } from "./use.ts";

/**
 * One node as operations: the op, its fused limits, then, where its result has a fact, quantize and dequantize around the
 * stored integers. Names of results that the model returns are reserved by the caller in `draft.bound`.
 */
export function lowerNode(draft: Draft, node: Node): void {
  if (node.op === "Quantize" || node.op === "Dequantize") {
    lowerBorder(draft, node);
    return;
  }
  if (isCopy(draft, node)) {
    alias(draft, node);
    return;
  }
  const lowering = lowerings[node.op];
  if (lowering === null) {
    draft.problems.push({
      code: "COREML_UNSUPPORTED", severity: "error", subject: subjectOf(node), summary: `${node.op} with computed or blocked scales has no Core ML form`,
      found: node.op, expected: "scales that are constants", fix: "Quantize the model again with constant scales, or emit the float model.",
    });
    return;
  }
  const values = node.outputs.map((id) => valueOf(draft.graph, id));
  const names = values.map((value) => draft.bound.get(value.id) ?? draft.names.fresh(value.id));
  const limits = limitsOf(node.attrs);
  const made = values.map((value, index) => {
    const name = names[index] ?? "";
    const steps = (value.quant === null ? 0 : 1) + (limits === null ? 0 : 1);
    return steps === 0 ? name : draft.names.fresh(`${name}_${node.op.toLowerCase()}`);
  });
  lowering({ draft, node, outputs: made });
  values.forEach((value, index) => {
    const name = names[index] ?? "";
    const limited = limits === null ? made[index] ?? "" : value.quant === null ? name : draft.names.fresh(`${name}_limited`);
    if (limits !== null) addLimits(draft, limits, { from: made[index] ?? "", to: limited, type: typeOf(draft, value.id) });
    if (value.quant !== null) addPair(draft, { value, quant: value.quant, from: limited, to: name });
    draft.bound.set(value.id, name);
  });
}

/** Whether a node's result is its operand: Identity, and a Cast between types that are computed with as one. */
function isCopy(draft: Draft, { op, inputs: [from = null], outputs: [id = ""] }: Node): boolean {
  if ((op !== "Identity" && op !== "Cast") || from === null) return false;
  const { quant } = valueOf(draft.graph, id);
  return quant === null && typeOf(draft, from).dtype === typeOf(draft, id).dtype;
}

/** The result is known by its operand's name; an output of the model has its own, and takes a copy. */
function alias(draft: Draft, { inputs: [from = null], outputs: [id = ""] }: Node): void {
  const name = nameOf(draft, from ?? "");
  const reserved = draft.bound.get(id);
  if (reserved === undefined) draft.bound.set(id, name);
  else if (reserved !== name) addOperation(draft, { type: "identity", inputs: { x: name }, outputs: [{ name: reserved, type: typeOf(draft, id) }] });
}

/** Between reals and stored integers: the pair of the integers is all there is to it. */
function lowerBorder(draft: Draft, node: Node): void {
  const { inputs: [from = null], outputs: [id = ""] } = node;
  const value = valueOf(draft.graph, id);
  if (value.quant === null) {
    alias(draft, node);
    return;
  }
  const to = draft.bound.get(id) ?? draft.names.fresh(id);
  addPair(draft, { value, quant: value.quant, from: nameOf(draft, from ?? ""), to });
  draft.bound.set(id, to);
}

/**
 * Gives stored integers the name of the output that is their reals, so that no copy of it is made.
 *
 * Only where the integers are made by a node, and the output's name is already bound.
 */
export function reserveDequantized(draft: Draft): void {
  for (const { op, inputs: [from = null], outputs: [id = ""] } of draft.graph.nodes) {
    const name = draft.bound.get(id);
    if (op !== "Dequantize" || from === null || name === undefined || draft.bound.has(from)) continue;
    if (draft.graph.nodes.some(({ outputs }) => outputs.includes(from))) draft.bound.set(from, name);
  }
}
