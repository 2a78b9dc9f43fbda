import { ByteBuffer } from "flatbuffers";
import { FREE_READ_BYTES, MAX_NAME_BYTES, MAX_READS_PER_BYTE } from "./limits.ts";

/** What the bytes do that no TensorFlow Lite file does; caught once, by `readTflite`. */
export class FlatError extends Error {
  readonly byteOffset: number;
  readonly code: "TFLITE_BROKEN" | "TFLITE_LIMIT";
  constructor(code: FlatError["code"], message: string, byteOffset: number) {
    super(message);
    this.code = code;
    this.byteOffset = byteOffset;
  }
}

/** The file and what may still be read of it, in bytes; a vector shared by many tables counts for each. */
export interface FlatFile {
  readonly buffer: ByteBuffer;
  readonly bytes: Uint8Array;
  readonly budget: { bytes: number };
}

/**
 * One table: a position whose vtable has been checked to lie inside of the file.
 *
 *   vtable = position − int32 at position; vtable holds its own length, the table's length, then an offset a field
 *
 * Source: flatbuffers.dev/internals, "Tables".
 */
export interface Table {
  readonly file: FlatFile;
  readonly position: number;
  readonly vtable: number;
  readonly vtableBytes: number;
}

export function openFlatFile(bytes: Uint8Array): FlatFile {
  return { buffer: new ByteBuffer(bytes), bytes, budget: { bytes: bytes.length * MAX_READS_PER_BYTE + FREE_READ_BYTES } };
}

export function rootTable(file: FlatFile): Table {
  return tableAt(file, follow(file, 0));
}

/** Errors: TFLITE_BROKEN for bytes outside of the file. */
function need(file: FlatFile, at: number, count: number): void {
  if (at < 0 || at + count > file.bytes.length) throw new FlatError("TFLITE_BROKEN", `${count} bytes at ${at} are not in a file of ${file.bytes.length} bytes`, Math.max(0, Math.min(at, file.bytes.length)));
}

function spend(file: FlatFile, at: number, count: number): void {
  need(file, at, count);
  file.budget.bytes -= count;
  if (file.budget.bytes < 0) throw new FlatError("TFLITE_LIMIT", `the parts of the file name each other more than ${MAX_READS_PER_BYTE} times over`, at);
}

/** The position that the unsigned offset at `at` points to. */
function follow(file: FlatFile, at: number): number {
  need(file, at, 4);
  const target = at + file.buffer.readUint32(at);
  need(file, target, 4);
  return target;
}

function tableAt(file: FlatFile, position: number): Table {
  need(file, position, 4);
  const vtable = position - file.buffer.readInt32(position);
  need(file, vtable, 4);
  const vtableBytes = file.buffer.readUint16(vtable);
  if (vtableBytes < 4) throw new FlatError("TFLITE_BROKEN", `a table's index of ${vtableBytes} bytes`, vtable);
  need(file, vtable, vtableBytes);
  spend(file, position, 4);
  return { file, position, vtable, vtableBytes };
}

/** Position of a field's bytes in its table; null when the table leaves it out, or is left out itself. */
function fieldAt(table: Table | null, field: number, width: number): { readonly at: number; readonly file: FlatFile } | null {
  if (table === null) return null;
  const entry = 4 + 2 * field;
  if (entry + 2 > table.vtableBytes) return null;
  const offset = table.file.buffer.readUint16(table.vtable + entry);
  if (offset === 0) return null;
  need(table.file, table.position + offset, width);
  return { at: table.position + offset, file: table.file };
}

/** A field of one number; `otherwise` is the default of the public schema. */
export function int8Field(table: Table | null, field: number, otherwise = 0): number {
  const found = fieldAt(table, field, 1);
  return found === null ? otherwise : found.file.buffer.readInt8(found.at);
}

export function uint8Field(table: Table | null, field: number, otherwise = 0): number {
  const found = fieldAt(table, field, 1);
  return found === null ? otherwise : found.file.buffer.readUint8(found.at);
}

export function boolField(table: Table | null, field: number, otherwise = false): boolean {
  return uint8Field(table, field, otherwise ? 1 : 0) !== 0;
}

export function int32Field(table: Table | null, field: number, otherwise = 0): number {
  const found = fieldAt(table, field, 4);
  return found === null ? otherwise : found.file.buffer.readInt32(found.at);
}

export function uint32Field(table: Table | null, field: number, otherwise = 0): number {
  const found = fieldAt(table, field, 4);
  return found === null ? otherwise : found.file.buffer.readUint32(found.at);
}

export function uint64Field(table: Table | null, field: number): bigint {
  const found = fieldAt(table, field, 8);
  return found === null ? 0n : found.file.buffer.readUint64(found.at);
}

export function float32Field(table: Table | null, field: number, otherwise = 0): number {
  const found = fieldAt(table, field, 4);
  return found === null ? otherwise : found.file.buffer.readFloat32(found.at);
}

export function tableField(table: Table | null, field: number): Table | null {
  const found = fieldAt(table, field, 4);
  return found === null ? null : tableAt(found.file, follow(found.file, found.at));
}

/** Text of a name. Errors: TFLITE_LIMIT for one that no diagnostic could show. */
export function textField(table: Table | null, field: number): string {
  const vector = vectorAt(table, field, 1);
  if (vector === null) return "";
  const { file } = vector;
  if (vector.count > MAX_NAME_BYTES) throw new FlatError("TFLITE_LIMIT", `a name has ${vector.count} bytes, at most ${MAX_NAME_BYTES} are allowed`, vector.start);
  spend(file, vector.start, vector.count);
  // The offset that this call follows is the one that was checked.
  const text = file.buffer.__string(vector.field);
  return typeof text === "string" ? text : "";
}

interface Vector {
  readonly file: FlatFile;
  /** Position of the offset to the vector. */
  readonly field: number;
  readonly start: number;
  readonly count: number;
}

function vectorAt(table: Table | null, field: number, elementBytes: number): Vector | null {
  const found = fieldAt(table, field, 4);
  if (found === null) return null;
  const { file, at } = found;
  const target = follow(file, at);
  const count = file.buffer.readUint32(target);
  need(file, target + 4, count * elementBytes);
  return { file, field: at, start: target + 4, count };
}

/** A vector as a view of the file; empty when left out. The contents are not read, and cost nothing. */
export function bytesField(table: Table | null, field: number): Uint8Array | null {
  const vector = vectorAt(table, field, 1);
  return vector && vector.file.bytes.subarray(vector.start, vector.start + vector.count);
}

/** How the numbers of a vector are stored. 64-bit integers beyond 2^53 lose their last bits, and are outside of every range here. */
export type NumberKind = "int32" | "int64" | "float32";

/** Numbers of a vector; null when left out. Errors: TFLITE_LIMIT for more than `most`. */
export function numbersField(table: Table | null, field: number, as: { readonly kind: NumberKind; readonly most: number; readonly what: string }): readonly number[] | null {
  const width = as.kind === "int64" ? 8 : 4;
  const vector = vectorAt(table, field, width);
  if (vector === null) return null;
  const { file } = vector;
  limit(vector, as);
  spend(file, vector.start, vector.count * width);
  return Array.from({ length: vector.count }, (_, i) => numberAt(file.buffer, vector.start + i * width, as.kind));
}

function numberAt(buffer: ByteBuffer, at: number, kind: NumberKind): number {
  switch (kind) {
    case "int32": return buffer.readInt32(at);
    case "int64": return Number(buffer.readInt64(at));
    case "float32": return buffer.readFloat32(at);
    default: return kind satisfies never;
  }
}

/** Tables of a vector; empty when left out. Errors: TFLITE_LIMIT for more than `most`. */
export function tablesField(table: Table | null, field: number, as: { readonly most: number; readonly what: string }): readonly Table[] {
  const vector = vectorAt(table, field, 4);
  if (vector === null) return [];
  limit(vector, as);
  return Array.from({ length: vector.count }, (_, i) => tableAt(vector.file, follow(vector.file, vector.start + 4 * i)));
}

function limit({ start, count }: Vector, { most, what }: { readonly most: number; readonly what: string }): void {
  if (count > most) throw new FlatError("TFLITE_LIMIT", `${count} ${what}, at most ${most} are allowed`, start);
}
