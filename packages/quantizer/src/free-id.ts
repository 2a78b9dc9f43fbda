import type { Value, ValueId } from "@edgewise/graph";

/** `base`, or the first of `base.1`, `base.2`, … that names no value yet. */
export function freeId(values: ReadonlyMap<ValueId, Value>, base: ValueId): ValueId {
  let id = base;
  for (let n = 1; values.has(id); n++) id = `${base}.${n}`;
  return id;
}
