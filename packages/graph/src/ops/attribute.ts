import { type DType, dtypes } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import { OpError } from "../op.ts";

/** A whole number of the node, or what the op's definition says when it is left out. */
export function wholeAttr(attrs: Attrs, name: string, otherwise: number): number {
  const value = attrs[name] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must be a whole number, found ${String(value)}`);
}

export function realAttr(attrs: Attrs, name: string, otherwise: number): number {
  const value = attrs[name] ?? otherwise;
  if (typeof value === "number") return value;
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must be a number, found ${String(value)}`);
}

/** One word of a closed set. */
export function wordAttr<Word extends string>(attrs: Attrs, name: string, words: readonly [Word, ...Word[]]): Word {
  const value = attrs[name] ?? words[0];
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must be one of ${words.join(", ")}, found ${String(value)}`);
}

/** A list of whole numbers; null when left out. */
export function wholesAttr(attrs: Attrs, name: string): readonly number[] | null {
  const value = attrs[name];
  if (value === undefined) return null;
  const list = typeof value === "number" ? [value] : value;
  const wholes = Array.isArray(list) ? list.filter((each) => Number.isInteger(each)) : [];
  if (Array.isArray(list) && wholes.length === list.length) return wholes;
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must be a list of whole numbers, found ${String(value)}`);
}

/** An element type by its name ("float32"); null when left out. */
export function dtypeAttr(attrs: Attrs, name: string): DType | null {
  const value = attrs[name];
  if (value === undefined) return null;
  if (typeof value === "string" && Object.hasOwn(dtypes, value)) return value as DType; // a key of the table
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must be the name of an element type, found ${String(value)}`);
}
