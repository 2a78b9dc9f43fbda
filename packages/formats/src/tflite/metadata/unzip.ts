import { FlatError } from "../flat.ts";
import { MAX_ASSOCIATED_FILES, MAX_NAME_BYTES } from "../limits.ts";
import { crc32 } from "./crc32.ts";
import { central, end, local } from "./zip-format.ts";
import { decodeUtf8 } from "../../utf8.ts";

/** A comment behind the end record has at most so many bytes. */
const MAX_COMMENT_BYTES = 0xffff;

/**
 * The files of a ZIP that stands at the end of these bytes, as views; none where there is no ZIP.
 *
 * Offsets may count from the beginning of the bytes or from that of the ZIP. Errors: `FlatError` for a directory or file
 * outside of the bytes, a compressed file, a wrong checksum, a name that stands twice, or more than the limits.
 */
export function filesBehind(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = endRecord(view);
  if (last === null) return {};
  const count = view.getUint16(last + end.allFiles, true);
  const directoryBytes = view.getUint32(last + end.directoryBytes, true);
  const shift = last - directoryBytes - view.getUint32(last + end.directoryOffset, true);
  if (shift < 0 || directoryBytes > last) throw new FlatError("TFLITE_BROKEN", "the directory of the appended files is not in the file", last);
  if (count > MAX_ASSOCIATED_FILES) throw new FlatError("TFLITE_LIMIT", `${count} appended files, at most ${MAX_ASSOCIATED_FILES} are allowed`, last);
  const files = new Map<string, Uint8Array>();
  let at = last - directoryBytes;
  let unread = at;
  for (let i = 0; i < count; i++) {
    if (at + central.byteLength > last || view.getUint32(at, true) !== central.signature) throw new FlatError("TFLITE_BROKEN", `the record of appended file ${i + 1} is broken`, at);
    const { name, contents, byteLength } = fileOf({ bytes, view, last, shift }, at);
    if (files.has(name)) throw new FlatError("TFLITE_BROKEN", `two appended files are named ${name}`, at);
    unread -= contents.length;
    if (unread < 0) throw new FlatError("TFLITE_LIMIT", "the appended files lie one over the other", at);
    if (crc32(contents) !== view.getUint32(at + central.crc, true)) throw new FlatError("TFLITE_BROKEN", `the appended file ${name} has changed: its checksum differs`, at);
    files.set(name, contents);
    at += byteLength;
  }
  return Object.fromEntries(files);
}

/** Place of the end record whose comment ends with the bytes; null when there is none. */
function endRecord(view: DataView): number | null {
  const lowest = Math.max(0, view.byteLength - end.byteLength - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - end.byteLength; at >= lowest; at--) {
    if (view.getUint32(at, true) === end.signature && at + end.byteLength + view.getUint16(at + end.commentBytes, true) === view.byteLength) return at;
  }
  return null;
}

interface Archive {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Place of the end record: records and files stand before it. */
  readonly last: number;
  /** What the offsets in the directory lack. */
  readonly shift: number;
}

function fileOf({ bytes, view, last, shift }: Archive, at: number): { readonly name: string; readonly contents: Uint8Array; readonly byteLength: number } {
  const broken = (what: string): FlatError => new FlatError("TFLITE_BROKEN", what, at);
  const nameBytes = view.getUint16(at + central.nameBytes, true);
  const nameEnd = at + central.byteLength + nameBytes;
  if (nameEnd > last) throw broken("the name of an appended file is cut off");
  if (nameBytes > MAX_NAME_BYTES) throw new FlatError("TFLITE_LIMIT", `a name has ${nameBytes} bytes, at most ${MAX_NAME_BYTES} are allowed`, at);
  const name = decodeUtf8(bytes.subarray(at + central.byteLength, nameEnd));
  const stored = view.getUint32(at + central.stored, true);
  if (view.getUint16(at + central.method, true) !== 0 || view.getUint32(at + central.compressed, true) !== stored) throw broken(`the appended file ${name} is compressed`);
  const start = shift + view.getUint32(at + central.offset, true);
  if (start + local.byteLength > last || view.getUint32(start, true) !== local.signature) throw broken(`the appended file ${name} is not where the directory says`);
  const from = start + local.byteLength + view.getUint16(start + local.nameBytes, true) + view.getUint16(start + local.extraBytes, true);
  if (from + stored > last) throw broken(`the appended file ${name} is cut off`);
  const contents = bytes.subarray(from, from + stored);
  return { name, contents, byteLength: central.byteLength + nameBytes + view.getUint16(at + central.extraBytes, true) + view.getUint16(at + central.commentBytes, true) };
}
