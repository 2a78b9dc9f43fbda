import { type Attr, type Diagnostic, type Node, type Value, type ValueId, invariant, subjectOf, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { numbers } from "../literal.ts";
import type { MilNumbers, MilTensorType } from "../mil.ts";
import { addConstant } from "./constant.ts";
import { type Draft, type Operation, addIntermediate, addOperation, typeOf } from "./draft.ts";

/** One node to lower: its operands, and the names that its results must get. */
export interface Use {
  readonly draft: Draft;
  readonly node: Node;
  readonly outputs: readonly string[];
}

/** Node → operations. What MIL cannot say goes to the draft's problems. */
export type Lowering = (use: Use) => void;

/** The value at an input; null where it is left out. */
export function inputValue({ draft, node }: Use, position: number): Value | null {
  const id = node.inputs[position] ?? null;
  return id === null ? null : valueOf(draft.graph, id);
}

/** Name of the reals at an input, which must be there. */
export function operand(use: Use, position: number): string {
  const value = inputValue(use, position);
  invariant(value !== null, `${use.node.op} has input ${position}`);
  return nameOf(use.draft, value.id);
}

/** Name of the reals of a value; a constant gets its operation at its first reader. */
export function nameOf(draft: Draft, id: ValueId): string {
  const known = draft.bound.get(id);
  if (known !== undefined) return known;
  const value = valueOf(draft.graph, id);
  invariant(value.constant !== null, `${id} is produced before it is read`);
  const name = addConstant(draft, value);
  draft.bound.set(id, name);
  return name;
}

export function inputType(use: Use, position: number): MilTensorType {
  const value = inputValue(use, position);
  invariant(value !== null, `${use.node.op} has input ${position}`);
  return typeOf(use.draft, value.id);
}

export function outputType(use: Use, position = 0): MilTensorType {
  return typeOf(use.draft, use.node.outputs[position] ?? "");
}

/** The operation that makes the node's (first) result. */
export function give(use: Use, type: string, inputs: Operation["inputs"]): void {
  addOperation(use.draft, { type, inputs, outputs: [{ name: resultName(use), type: outputType(use) }] });
}

/** An operation between; its result's name is returned. Typed as the node's result unless `output` says otherwise. */
export function between(use: Use, type: string, made: { readonly inputs: Operation["inputs"]; readonly output?: MilTensorType }): string {
  return addIntermediate(use.draft, `${resultName(use)}_${type}`, { type, inputs: made.inputs, output: made.output ?? outputType(use) });
}

export function resultName({ outputs }: Use): string {
  return outputs[0] ?? "";
}

/** A scalar of the type that the node computes in. */
export function real(use: Use, value: number): MilNumbers {
  return numbers(outputType(use).dtype, [], [value]);
}

/** Whole numbers of a constant parameter input; null when it is left out, undefined when it is not constant. */
export function wholes(use: Use, position: number): readonly number[] | null | undefined {
  const value = inputValue(use, position);
  if (value === null) return null;
  return value.constant === null ? undefined : Array.from(decodeConstant(value).data, Number);
}

export function wholeAttr({ node }: Use, name: string, otherwise: number): number {
  return numberOf(node.attrs[name], otherwise);
}

export function realAttr({ node }: Use, name: string, otherwise: number): number {
  return numberOf(node.attrs[name], otherwise);
}

function numberOf(attr: Attr | undefined, otherwise: number): number {
  return typeof attr === "number" ? attr : otherwise;
}

/** An axis of an input, counted from the front. */
export function axisOf(use: Use, axis: number, position = 0): number {
  return axis < 0 ? axis + inputType(use, position).shape.length : axis;
}

/** Reports a use of the op that MIL has no operation for. */
export function refuse({ draft, node }: Use, about: Pick<Diagnostic, "summary" | "fix"> & { readonly found?: string; readonly expected?: string }): void {
  draft.problems.push({ code: "COREML_UNSUPPORTED", severity: "error", subject: subjectOf(node), ...about });
}
