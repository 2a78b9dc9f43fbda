import { invariant } from "@edgewise/graph";
import { type FlatLayout, layFlat } from "./layout.ts";
import type { FlatField, FlatPart, FlatTable } from "./parts.ts";

/** Offset of the root, and the identifier. */
const HEAD_BYTES = 8;

export interface FlatOptions {
  /** Four characters that name the format. */
  readonly identifier: string;
  /** What stands behind the FlatBuffer, given the place at which it begins. */
  readonly tail?: (start: number) => Uint8Array;
}

/**
 * A FlatBuffer of these parts. Equal parts give equal bytes; memory is the result's and that of the parts.
 *
 * The places of all parts are known before the first byte is written, so the result is allocated once and at its size.
 */
export function flatBytes(root: FlatTable, { identifier, tail }: FlatOptions): Uint8Array {
  invariant(identifier.length === 4, `a FlatBuffer's identifier has 4 characters, not ${JSON.stringify(identifier)}`);
  const layout = layFlat(root, HEAD_BYTES);
  const behind = tail?.(layout.byteLength) ?? new Uint8Array(0);
  const bytes = new Uint8Array(layout.byteLength + behind.length);
  bytes.set(behind, layout.byteLength);
  const view = new DataView(bytes.buffer);
  const file: Writing = { bytes, view, layout };
  pointTo(file, 0, root);
  for (let i = 0; i < 4; i++) bytes[4 + i] = identifier.charCodeAt(i);
  for (const [at, entries] of layout.vtables) entries.forEach((entry, i) => view.setUint16(at + 2 * i, entry, true));
  for (const [part, at] of layout.parts) writePart(file, part, at);
  return bytes;
}

interface Writing {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly layout: FlatLayout;
}

function writePart(file: Writing, part: FlatPart, at: number): void {
  const { bytes, view } = file;
  switch (part.kind) {
    case "table": return writeTable(file, part, at);
    case "text":
      view.setUint32(at, part.utf8.length, true);
      return bytes.set(part.utf8, at + 4);
    case "bytes":
      view.setUint32(at, part.data.length, true);
      return bytes.set(part.data, at + 4);
    case "parts":
      view.setUint32(at, part.parts.length, true);
      return part.parts.forEach((each, i) => pointTo(file, at + 4 + 4 * i, each));
    case "int32s": case "int64s": case "float32s":
      view.setUint32(at, part.numbers.length, true);
      return part.numbers.forEach((number, i) => writeNumber(view, at + 4, { kind: part.kind, number, i }));
    default: return part satisfies never;
  }
}

function writeTable(file: Writing, table: FlatTable, at: number): void {
  const place = file.layout.tables.get(table);
  invariant(place !== undefined, "a table without a place");
  file.view.setInt32(at, at - place.vtable, true);
  for (const field of table.fields) writeField(file, field, at + (place.offsets[field.field] ?? 0));
}

function writeField(file: Writing, field: FlatField, at: number): void {
  switch (field.kind) {
    case "int8": return file.view.setInt8(at, field.value);
    case "int32": return file.view.setInt32(at, field.value, true);
    case "float32": return file.view.setFloat32(at, field.value, true);
    case "part": return pointTo(file, at, field.value);
    default: return field satisfies never;
  }
}

function writeNumber(view: DataView, start: number, { kind, number, i }: { readonly kind: "int32s" | "int64s" | "float32s"; readonly number: number; readonly i: number }): void {
  switch (kind) {
    case "int32s": return view.setInt32(start + 4 * i, number, true);
    case "int64s": return view.setBigInt64(start + 8 * i, BigInt(number), true);
    case "float32s": return view.setFloat32(start + 4 * i, number, true);
    default: return kind satisfies never;
  }
}

function pointTo({ view, layout }: Writing, at: number, part: FlatPart): void {
  const target = layout.parts.get(part);
  invariant(target !== undefined && target > at, "a part points to one that is not behind it");
  view.setUint32(at, target - at, true);
}
