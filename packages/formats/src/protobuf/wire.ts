import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { MAX_MESSAGES, MAX_NAME_CHARACTERS, MAX_NESTING } from "./limits.ts";

/** What the bytes do that no sound file does; caught once, by the reader of the format. */
export class WireError extends Error {
  readonly byteOffset: number;
  readonly kind: "broken" | "limit";
  constructor(kind: WireError["kind"], message: string, byteOffset: number) {
    super(message);
    this.kind = kind;
    this.byteOffset = byteOffset;
  }
}

/** One message's bytes, and where it stands. */
export interface Cursor {
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the whole file. */
  readonly start: number;
  readonly depth: number;
  /** Messages left, for the whole file. */
  readonly budget: { messages: number };
}

/** How one field is read: the wire type that it must have, and what to do with it. */
export interface Field {
  readonly wire: WireType;
  /** Repeated scalars may stand one by one or packed into one run of bytes. */
  readonly packable: boolean;
  take(reader: BinaryReader, cursor: Cursor): void;
}

/** The fields of one message by number. Numbers that are not listed are skipped: unknown ones of later versions do no harm. */
export type Fields = Readonly<Record<number, Field>>;

/** A whole file as one message. */
export function wholeFile(bytes: Uint8Array): Cursor {
  return { bytes, start: 0, depth: 0, budget: { messages: MAX_MESSAGES } };
}

/** Reads every field of a message. Throws WireError, at the field's byte offset in the file. */
export function readMessage(cursor: Cursor, fields: Fields): void {
  if (cursor.depth > MAX_NESTING) throw new WireError("limit", `messages nest deeper than ${MAX_NESTING}`, cursor.start);
  if (--cursor.budget.messages < 0) throw new WireError("limit", `more than ${MAX_MESSAGES} messages`, cursor.start);
  const reader = new BinaryReader(cursor.bytes);
  while (reader.pos < reader.len) {
    const at = reader.pos;
    try {
      readField(reader, { cursor, fields });
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError("broken", error instanceof Error ? error.message : String(error), cursor.start + at);
    }
  }
}

function readField(reader: BinaryReader, { cursor, fields }: { readonly cursor: Cursor; readonly fields: Fields }): void {
  const [no, wire] = reader.tag();
  const field = Object.hasOwn(fields, no) ? fields[no] : undefined;
  if (field === undefined) {
    reader.skip(wire, no);
    return;
  }
  if (wire === field.wire) {
    field.take(reader, cursor);
    return;
  }
  if (!field.packable || wire !== WireType.LengthDelimited) throw new Error(`field ${no} has wire type ${wire}, not ${field.wire}`);
  const run = new BinaryReader(reader.bytes());
  while (run.pos < run.len) field.take(run, cursor);
}

/** Text: names, operators. Bounded, because diagnostics show it. */
export function text(set: (value: string) => void): Field {
  return bytesField((reader, cursor) => {
    const value = reader.string();
    if (value.length > MAX_NAME_CHARACTERS) throw new WireError("limit", `a name has ${value.length} characters, at most ${MAX_NAME_CHARACTERS} are allowed`, cursor.start + reader.pos);
    set(value);
  });
}

/** Text of any length: metadata, attributes. */
export function longText(set: (value: string) => void): Field {
  return bytesField((reader) => set(reader.string()));
}

/** Bytes as a view of the file. */
export function raw(set: (value: Uint8Array) => void): Field {
  return bytesField((reader) => set(reader.bytes()));
}

/** A message within the message. */
export function nested(read: (inner: Cursor) => void): Field {
  return bytesField((reader, cursor) => {
    const bytes = reader.bytes();
    read({ bytes, start: cursor.start + reader.pos - bytes.length, depth: cursor.depth + 1, budget: cursor.budget });
  });
}

function bytesField(take: Field["take"]): Field {
  return { wire: WireType.LengthDelimited, packable: false, take };
}

/** A repeated scalar: one by one, or packed into runs. */
export function repeated(field: Field): Field {
  return { ...field, packable: true };
}

/** An int64 as a number; beyond 2^53 it is clamped there, which every later range check refuses. */
export function integer(set: (value: number) => void): Field {
  return { wire: WireType.Varint, packable: false, take: (reader) => {
    const value = BigInt(reader.int64());
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    set(Number(value > most ? most : value < -most ? -most : value));
  } };
}

/** An int64 or uint64 with all its bits. */
export function wide(set: (value: bigint) => void, signed: boolean): Field {
  return { wire: WireType.Varint, packable: false, take: (reader) => set(BigInt(signed ? reader.int64() : reader.uint64())) };
}

export function int32(set: (value: number) => void): Field {
  return { wire: WireType.Varint, packable: false, take: (reader) => set(reader.int32()) };
}

export function float32(set: (value: number) => void): Field {
  return { wire: WireType.Bit32, packable: false, take: (reader) => set(reader.float()) };
}

export function float64(set: (value: number) => void): Field {
  return { wire: WireType.Bit64, packable: false, take: (reader) => set(reader.double()) };
}
