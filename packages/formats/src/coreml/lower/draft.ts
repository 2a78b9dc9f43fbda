import { type DType, type Diagnostic, type Graph, type ValueId, dtypes, invariant, valueOf } from "@edgewise/graph";
import type { MilArgument, MilDType, MilOperation, MilTensorType, MilType, MilValue } from "../mil.ts";
import { tensorType } from "../mil.ts";
import type { DeploymentTarget } from "../target.ts";
import type { Names } from "./names.ts";

/** What the lowering of every node reads and adds to. */
export interface Draft {
  readonly graph: Graph;
  readonly target: DeploymentTarget;
  /** Type in which reals are computed. */
  readonly compute: "fp32" | "fp16";
  /** Constants with at most 16 different numbers are stored as indices into a table. */
  readonly palettes: boolean;
  readonly names: Names;
  readonly operations: MilOperation[];
  /** Value of the graph → name of the value that holds it; for quantized values, of the reals they stand for. */
  readonly bound: Map<ValueId, string>;
  readonly problems: Diagnostic[];
  readonly warnings: Diagnostic[];
}

/** A literal becomes a const of its own; a list is a tuple of values. */
export type Given = MilArgument | readonly string[];

export interface Operation {
  readonly type: string;
  readonly inputs: Readonly<Record<string, Given>>;
  readonly outputs: readonly { readonly name: string; readonly type: MilType }[];
  readonly attributes?: Readonly<Record<string, MilValue>>;
}

/** Appends an operation, after the consts of its literal inputs. */
export function addOperation(draft: Draft, { type, inputs, outputs, attributes = {} }: Operation): void {
  const name = outputs[0]?.name ?? type;
  const given = Object.entries(inputs).map(([key, value]): [string, readonly MilArgument[]] => {
    if (typeof value === "string") return [key, [value]];
    if (isNames(value)) return [key, value];
    return [key, [addConst(draft, `${name}_${key}`, value)]];
  });
  draft.operations.push({ type, name, inputs: Object.fromEntries(given), outputs, attributes });
}

function isNames(given: MilValue | readonly string[]): given is readonly string[] {
  return Array.isArray(given);
}

/** A const operation; its name is returned. */
export function addConst(draft: Draft, wish: string, value: MilValue): string {
  invariant(value.kind !== "other", `${wish} has contents`);
  const name = draft.names.fresh(wish);
  draft.operations.push({ type: "const", name, inputs: {}, outputs: [{ name, type: value.type }], attributes: { val: value } });
  return name;
}

/** Appends an operation whose result has no name in the graph; the name it gets is returned. */
export function addIntermediate(draft: Draft, wish: string, made: { readonly type: string; readonly inputs: Operation["inputs"]; readonly output: MilTensorType }): string {
  const name = draft.names.fresh(wish);
  addOperation(draft, { type: made.type, inputs: made.inputs, outputs: [{ name, type: made.output }] });
  return name;
}

/** Type of the elements of a value once it is computed with; integers of any width are int32, all that MIL computes with. */
export function computedDType(draft: Draft, dtype: DType, isQuantized: boolean): MilDType {
  if (isQuantized) return draft.compute;
  const { kind } = dtypes[dtype];
  if (kind === "bool") return "bool";
  if (kind !== "float") return "int32";
  return dtype === "float16" ? "fp16" : draft.compute;
}

/** Type of a value of the graph in the program; named dims are open. */
export function typeOf(draft: Draft, id: ValueId): MilTensorType {
  const { dtype, shape, quant } = valueOf(draft.graph, id);
  invariant(shape !== null, `the shape of ${id} is known`);
  return tensorType(computedDType(draft, dtype, quant !== null), shape.map((dim) => typeof dim === "number" ? dim : null));
}
