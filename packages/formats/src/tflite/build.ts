import type { Attrs, DType, Dim, Node, OpName, Origin, Quant, Value, ValueId } from "@edgewise/graph";
import { FlatError } from "./flat.ts";
import { turned } from "./layout.ts";
import { MAX_REWRITTEN_PER_BYTE } from "./limits.ts";
import type { Operand } from "./operand.ts";

/** The graph while it grows, one operator after another. */
export interface Build {
  readonly values: Map<ValueId, Value>;
  readonly nodes: Node[];
  /** Ids that may not be made: those of the file's tensors, and those already made. */
  readonly taken: Set<ValueId>;
  /** For values [N, H, W, C], the value that holds the same numbers as [N, C, H, W]. */
  readonly images: Map<ValueId, ValueId>;
  /** What stands for a tensor whose operator is resolved at the door. */
  readonly constants: Map<number, Operand>;
  /** Bytes of constants that may still be written anew. */
  readonly budget: { bytes: number };
}

export function newBuild(fileBytes: number, taken: Iterable<ValueId>): Build {
  return { values: new Map(), nodes: [], taken: new Set(taken), images: new Map(), constants: new Map(), budget: { bytes: fileBytes * MAX_REWRITTEN_PER_BYTE } };
}

/** Type and fact of a value between two nodes. */
export interface Kind {
  readonly dtype: DType;
  readonly quant: Quant | null;
  readonly shape: readonly Dim[] | null;
}

export interface StoredConstant {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly quant: Quant | null;
}

/** What a lift makes nodes and values with. */
export interface Maker {
  readonly build: Build;
  readonly origin: Origin;
}

/** A tensor as a value of the graph, in the file's own layout. */
export function valueOf({ build }: Maker, operand: Operand): ValueId {
  const { id, dtype, shape, quant, stored } = operand;
  if (!build.values.has(id)) build.values.set(id, { id, dtype, shape, quant, constant: stored && { bytes: storedBytes(build, operand) } });
  return id;
}

export function node({ build, origin }: Maker, op: OpName, made: { readonly inputs: readonly (ValueId | null)[]; readonly outputs: readonly ValueId[]; readonly attrs?: Attrs }): void {
  const inputs = [...made.inputs];
  while (inputs.length > 0 && inputs[inputs.length - 1] === null) inputs.pop();
  build.nodes.push({ op, inputs, outputs: made.outputs, attrs: made.attrs ?? {}, origin });
}

/** A value of our own between two nodes, under a name like `hint`. */
export function between({ build }: Maker, hint: string, { dtype, quant, shape }: Kind): ValueId {
  const id = freshId(build, hint);
  build.values.set(id, { id, dtype, shape, quant, constant: null });
  return id;
}

export function constant({ build }: Maker, hint: string, { dtype, shape, bytes, quant }: StoredConstant): ValueId {
  const id = freshId(build, hint);
  build.values.set(id, { id, dtype, shape, quant, constant: { bytes } });
  return id;
}

export function int64s(maker: Maker, hint: string, values: readonly number[]): ValueId {
  return constant(maker, hint, { dtype: "int64", shape: [values.length], quant: null, bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) });
}

export function float32(maker: Maker, hint: string, value: number): ValueId {
  return constant(maker, hint, { dtype: "float32", shape: [], quant: null, bytes: new Uint8Array(Float32Array.of(value).buffer) });
}

/** The numbers of a tensor [N, H, W, C] as a value [N, C, H, W]: what made them, or a Transpose. */
export function imagesOf(maker: Maker, x: Operand): ValueId {
  const id = valueOf(maker, x);
  const known = maker.build.images.get(id);
  if (known !== undefined) return known;
  const images = between(maker, `${id}.nchw`, { ...x, shape: turned(x.shape, toNchw) });
  node(maker, "Transpose", { inputs: [id], outputs: [images], attrs: { perm: toNchw } });
  maker.build.images.set(id, images);
  return images;
}

/** A value [N, C, H, W] whose Transpose is the tensor; the node that makes it must be added first, by `make`. */
export function imagesInto(maker: Maker, y: Operand, make: (images: ValueId) => void): void {
  const images = between(maker, `${y.id}.nchw`, { ...y, shape: turned(y.shape, toNchw) });
  make(images);
  node(maker, "Transpose", { inputs: [images], outputs: [valueOf(maker, y)], attrs: { perm: toNhwc } });
  maker.build.images.set(y.id, images);
}

const toNchw: readonly number[] = [0, 3, 1, 2];
const toNhwc: readonly number[] = [0, 2, 3, 1];

/** Bytes of a constant in the operand's type: a view of the file, or uint8 lowered by 128. */
export function storedBytes(build: Build, { stored, shifted }: Operand): Uint8Array {
  const bytes = stored ?? new Uint8Array(0);
  return shifted ? rewritten(build, bytes.length).map((_, i) => (bytes[i] ?? 0) ^ 0x80) : bytes;
}

/** Room for a constant that is written anew. Errors: `FlatError` TFLITE_LIMIT when the file asks for too much of it. */
export function rewritten(build: Build, byteCount: number): Uint8Array {
  build.budget.bytes -= byteCount;
  if (build.budget.bytes < 0) throw new FlatError("TFLITE_LIMIT", "the file uses the same constants again and again, in forms of their own", 0);
  return new Uint8Array(byteCount);
}

function freshId(build: Build, hint: string): ValueId {
  let id = hint;
  for (let number = 1; build.taken.has(id); number++) id = `${hint}.${number}`;
  build.taken.add(id);
  return id;
}
