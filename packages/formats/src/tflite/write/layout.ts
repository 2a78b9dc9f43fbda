import { invariant } from "@edgewise/graph";
import type { FlatField, FlatPart, FlatTable } from "./parts.ts";

/** Where a table's fields are, from the table's start, and where its index is. */
export interface TablePlace {
  readonly vtable: number;
  readonly offsets: readonly number[];
}

/** Places of all parts in the file. */
export interface FlatLayout {
  readonly byteLength: number;
  /** In the order of the file. */
  readonly parts: ReadonlyMap<FlatPart, number>;
  readonly tables: ReadonlyMap<FlatTable, TablePlace>;
  /** Contents of each index, by its place. */
  readonly vtables: ReadonlyMap<number, readonly number[]>;
}

export const fieldBytes: Readonly<Record<FlatField["kind"], number>> = { int8: 1, int32: 4, float32: 4, part: 4 };

/**
 * Gives every part its place, each behind all that point to it; tables with equal indices share one.
 *
 *   file: offset of the root, identifier, parts; a table: int32 back to its index, then its fields, the widest first
 *   an index: its own length, the table's length, the offset of each field or 0
 *
 * Source: flatbuffers.dev/internals.
 */
export function layFlat(root: FlatTable, headBytes: number): FlatLayout {
  const parts = new Map<FlatPart, number>();
  const tables = new Map<FlatTable, TablePlace>();
  const vtables = new Map<number, readonly number[]>();
  const known = new Map<string, number>();
  let end = headBytes;
  for (const part of parentsFirst(root)) {
    if (part.kind === "table") {
      const { byteLength, offsets } = fieldsOf(part);
      const index = [4 + 2 * offsets.length, byteLength, ...offsets];
      const key = index.join();
      const vtable = known.get(key) ?? upTo(end, 2);
      if (!known.has(key)) {
        known.set(key, vtable);
        vtables.set(vtable, index);
        end = vtable + 2 * index.length;
      }
      tables.set(part, { vtable, offsets });
    }
    const at = startOf(part, end);
    parts.set(part, at);
    end = at + byteLengthOf(part, tables, vtables);
  }
  return { byteLength: upTo(end, 4), parts, tables, vtables };
}

/** The parts below a root, each once and behind all that point to it; of several orders the one nearest to reading order. */
function parentsFirst(root: FlatPart): readonly FlatPart[] {
  const done = new Set<FlatPart>();
  const finished: FlatPart[] = [];
  const visit = (part: FlatPart): void => {
    if (done.has(part)) return;
    done.add(part);
    const children = childrenOf(part);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child) visit(child);
    }
    finished.push(part);
  };
  visit(root);
  return finished.reverse();
}

function childrenOf(part: FlatPart): readonly FlatPart[] {
  if (part.kind === "parts") return part.parts;
  return part.kind === "table" ? part.fields.flatMap((field) => (field.kind === "part" ? [field.value] : [])) : [];
}

function fieldsOf({ fields }: FlatTable): { readonly byteLength: number; readonly offsets: readonly number[] } {
  const offsets: number[] = Array<number>(Math.max(0, ...fields.map(({ field }) => field + 1))).fill(0);
  let end = 4;
  for (const { field, kind } of fields.toSorted((a, b) => fieldBytes[b.kind] - fieldBytes[a.kind] || a.field - b.field)) {
    invariant(offsets[field] === 0, `field ${field} stands in a table twice`);
    offsets[field] = end;
    end += fieldBytes[kind];
  }
  return { byteLength: end, offsets };
}

/** Where a part begins that may not begin before `end`: what is counted stands behind a count of 4 bytes. */
function startOf(part: FlatPart, end: number): number {
  switch (part.kind) {
    case "bytes": return upTo(end + 4, part.align) - 4;
    case "int64s": return upTo(end + 4, 8) - 4;
    case "table": case "text": case "parts": case "int32s": case "float32s": return upTo(end, 4);
    default: return part satisfies never;
  }
}

function byteLengthOf(part: FlatPart, tables: ReadonlyMap<FlatTable, TablePlace>, vtables: FlatLayout["vtables"]): number {
  switch (part.kind) {
    case "table": return vtables.get(tables.get(part)?.vtable ?? -1)?.[1] ?? 4;
    case "text": return 4 + part.utf8.length + 1;
    case "bytes": return 4 + part.data.length;
    case "parts": return 4 + 4 * part.parts.length;
    case "int32s": case "float32s": return 4 + 4 * part.numbers.length;
    case "int64s": return 4 + 8 * part.numbers.length;
    default: return part satisfies never;
  }
}

function upTo(at: number, multiple: number): number {
  return Math.ceil(at / multiple) * multiple;
}
