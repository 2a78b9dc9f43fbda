import type { Attr, DType, Fact, Origin } from "@edgewise/graph";
import type { StoredTensor } from "../tensor.ts";

/** A node between the file and the IR: any op type, attributes still with their tensors. */
export interface RawNode {
  readonly opType: string;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
  readonly attrs: Readonly<Record<string, Attr>>;
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly origin: Origin;
}

/** What a lift may ask and make. */
export interface LiftContext {
  /** Version of the default operator set that the file imports. */
  readonly opset: number;
  /** Type, shape and small contents of a value, as far as shape rules and the file tell; null where they tell nothing. */
  factOf(id: string): Fact | null;
  constantOf(id: string): StoredTensor | null;
  /** Adds a constant and returns its id, unique and derived from `hint`. */
  constant(hint: string, tensor: StoredTensor): string;
  int64s(hint: string, values: readonly number[]): string;
  scalar(hint: string, dtype: DType, value: number): string;
  fresh(hint: string): string;
  /** Outputs that something reads, or that the graph returns. */
  isUsed(id: string): boolean;
  /** Whether the file may have constants of so many more bytes that it does not hold. */
  mayFill(bytes: number): boolean;
}

/** Nodes in the newest form, or why this use of the op cannot be expressed. */
export type Lifted = readonly RawNode[] | { readonly refused: string };

/** Rewrites one node of an older operator set, or a shorthand, into the newest form. The newest form is returned as it is. */
export type Lift = (node: RawNode, context: LiftContext) => Lifted;

export function without(attrs: RawNode["attrs"], ...names: readonly string[]): RawNode["attrs"] {
  return Object.fromEntries(Object.entries(attrs).filter(([name]) => !names.includes(name)));
}

export function numberList(attr: Attr | undefined): readonly number[] | null {
  return Array.isArray(attr) && attr.every((value) => typeof value === "number") ? attr : null;
}

export function numberAttr(attr: Attr | undefined): number | null {
  return typeof attr === "number" ? attr : null;
}
