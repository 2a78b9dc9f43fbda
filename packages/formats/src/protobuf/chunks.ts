import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/**
 * A message as the pieces it will consist of. Large pieces are the caller's own bytes: they are copied once, into the
 * file, however deep they stand.
 */
export interface Chunks {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
}

/** A message of scalars, written at once. */
export function written(body: (writer: BinaryWriter) => void): Chunks {
  const writer = new BinaryWriter();
  body(writer);
  return piece(writer.finish());
}

export function piece(bytes: Uint8Array): Chunks {
  return { pieces: [bytes], bytes: bytes.length };
}

/** A length-delimited field: tag, length, content. */
export function field(no: number, content: Chunks): Chunks {
  const head = new BinaryWriter().tag(no, WireType.LengthDelimited).uint32(content.bytes).finish();
  return { pieces: [head, ...content.pieces], bytes: head.length + content.bytes };
}

export function together(parts: readonly Chunks[]): Chunks {
  return { pieces: parts.flatMap(({ pieces }) => pieces), bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

export function joined({ pieces, bytes }: Chunks): Uint8Array {
  const file = new Uint8Array(bytes);
  let at = 0;
  for (const one of pieces) {
    file.set(one, at);
    at += one.length;
  }
  return file;
}
