import { encodeUtf8 } from "../../utf8.ts";

/** A field of a table: a number stored in the table itself, or another part that it points to. */
export type FlatField =
  | { readonly field: number; readonly kind: "int8" | "int32" | "float32"; readonly value: number }
  | { readonly field: number; readonly kind: "part"; readonly value: FlatPart };

/** A table; fields that are left out keep the default of its schema. */
export interface FlatTable {
  readonly kind: "table";
  readonly fields: readonly FlatField[];
}

export interface FlatText {
  readonly kind: "text";
  readonly utf8: Uint8Array;
}

export interface FlatBytes {
  readonly kind: "bytes";
  readonly data: Uint8Array;
  /** The first byte stands at a multiple of this in the file. */
  readonly align: number;
}

export interface FlatNumbers {
  readonly kind: "int32s" | "int64s" | "float32s";
  readonly numbers: readonly number[];
}

export interface FlatParts {
  readonly kind: "parts";
  readonly parts: readonly FlatPart[];
}

/**
 * What a FlatBuffer is made of. A part that several others point to is written once: two parts are one when they are the
 * same object.
 */
export type FlatPart = FlatTable | FlatText | FlatBytes | FlatNumbers | FlatParts;

export function flatText(text: string): FlatText {
  return { kind: "text", utf8: encodeUtf8(text) };
}

export function flatTable(...fields: readonly (FlatField | null)[]): FlatTable {
  return { kind: "table", fields: fields.filter((field) => field !== null) };
}

/** A number in a table; null when it is the schema's default. */
export function flatNumber(stored: Extract<FlatField, { readonly value: number }>, otherwise = 0): FlatField | null {
  return stored.value === otherwise ? null : stored;
}

/** A pointer in a table; null when there is nothing to point to. */
export function flatPart(field: number, value: FlatPart | null): FlatField | null {
  return value && { field, kind: "part", value };
}
