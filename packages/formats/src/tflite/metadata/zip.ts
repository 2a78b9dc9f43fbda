import { invariant } from "@edgewise/graph";
import { crc32 } from "./crc32.ts";
import { FIRST_DATE, UTF8_FLAG, VERSION, central, end, local } from "./zip-format.ts";
import { encodeUtf8 } from "../../utf8.ts";

/**
 * Files as a ZIP to be put behind `start` bytes of something else, in order of their names, stored as they are.
 *
 *   for each file: local record, name, contents; then for each: central record, name; then the end record
 *
 * Offsets count from the beginning of the whole, so that all of it opens as a ZIP. Nothing for no files. The same files
 * give the same bytes.
 */
export function zipBehind(start: number, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => ({ name: encodeUtf8(name), bytes, crc: crc32(bytes) }));
  if (entries.length === 0) return new Uint8Array(0);
  const total = entries.reduce<number>((sum, { name, bytes }) => sum + local.byteLength + central.byteLength + 2 * name.length + bytes.length, end.byteLength);
  invariant(start + total < 2 ** 32 && entries.length < 2 ** 16, "files beyond what a ZIP of 32 bits holds");
  const zip = new Uint8Array(total);
  const view = new DataView(zip.buffer);
  let at = 0;
  const offsets = entries.map((entry) => {
    const offset = at;
    writeLocal(view, at, entry);
    zip.set(entry.name, at + local.byteLength);
    zip.set(entry.bytes, at + local.byteLength + entry.name.length);
    at += local.byteLength + entry.name.length + entry.bytes.length;
    return offset;
  });
  const directory = at;
  entries.forEach((entry, i) => {
    writeCentral(view, at, { ...entry, offset: start + (offsets[i] ?? 0) });
    zip.set(entry.name, at + central.byteLength);
    at += central.byteLength + entry.name.length;
  });
  writeEnd(view, at, { files: entries.length, bytes: at - directory, offset: start + directory });
  return zip;
}

interface Entry {
  /** UTF-8. */
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly crc: number;
}

function writeLocal(view: DataView, at: number, { name, bytes, crc }: Entry): void {
  view.setUint32(at, local.signature, true);
  view.setUint16(at + local.version, VERSION, true);
  view.setUint16(at + local.flags, UTF8_FLAG, true);
  view.setUint16(at + local.date, FIRST_DATE, true);
  view.setUint32(at + local.crc, crc, true);
  view.setUint32(at + local.compressed, bytes.length, true);
  view.setUint32(at + local.stored, bytes.length, true);
  view.setUint16(at + local.nameBytes, name.length, true);
}

function writeCentral(view: DataView, at: number, { name, bytes, crc, offset }: Entry & { readonly offset: number }): void {
  view.setUint32(at, central.signature, true);
  view.setUint16(at + central.madeBy, VERSION, true);
  view.setUint16(at + central.version, VERSION, true);
  view.setUint16(at + central.flags, UTF8_FLAG, true);
  view.setUint16(at + central.date, FIRST_DATE, true);
  view.setUint32(at + central.crc, crc, true);
  view.setUint32(at + central.compressed, bytes.length, true);
  view.setUint32(at + central.stored, bytes.length, true);
  view.setUint16(at + central.nameBytes, name.length, true);
  view.setUint32(at + central.offset, offset, true);
}

function writeEnd(view: DataView, at: number, { files, bytes, offset }: { readonly files: number; readonly bytes: number; readonly offset: number }): void {
  view.setUint32(at, end.signature, true);
  view.setUint16(at + end.files, files, true);
  view.setUint16(at + end.allFiles, files, true);
  view.setUint32(at + end.directoryBytes, bytes, true);
  view.setUint32(at + end.directoryOffset, offset, true);
}
