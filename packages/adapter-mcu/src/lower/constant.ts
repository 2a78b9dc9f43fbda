import { type Graph, type ValueId, invariant, valueOf } from "@edgewise/graph";

/** Elements of an int8 constant; null when the value is not one. */
export function int8Constant(graph: Graph, id: ValueId): Int8Array | null {
  const { constant, dtype } = valueOf(graph, id);
  if (constant === null || dtype !== "int8") return null;
  const { bytes } = constant;
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Elements of an int32 constant (a bias), which need not be aligned in its file. */
export function int32Constant(graph: Graph, id: ValueId): Int32Array {
  const { constant, dtype } = valueOf(graph, id);
  invariant(constant !== null && dtype === "int32", `${id} is an int32 constant`);
  const { bytes } = constant;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true));
}

/** Elements of an int64 or int32 constant (axes, pads, limits of a slice); null when the value is not constant. */
export function integerConstant(graph: Graph, id: ValueId | null | undefined): readonly number[] | null {
  if (id === null || id === undefined) return null;
  const { constant, dtype } = valueOf(graph, id);
  if (constant === null || (dtype !== "int64" && dtype !== "int32")) return null;
  const { bytes } = constant;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = dtype === "int64" ? 8 : 4;
  return Array.from({ length: bytes.byteLength / width }, (_, i) => (dtype === "int64" ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true)));
}
