import { type Node, type ValueId, elementCount, sameQuant, valueOf } from "@edgewise/graph";
import { type Layout, axisOrder, layoutOf, relabelled } from "../layout.ts";
import { type Builder, type Refusal, rowMajorOf, stridesOf } from "./builder.ts";
import { integerConstant } from "./constant.ts";
import { type CopyAxis, copyParameters, fitsCopy } from "./strides.ts";
import { numbers } from "./window.ts";

export const sameRule = "This op moves values as they are: input and output have one scale and zero point.";
export const loopsRule = "The copy needs more than four nested loops.";

/** Reshape, Flatten, Squeeze, Unsqueeze, Identity: other names for the same bytes. */
export function lowerAlias(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: `${node.op} has an input and an output.` };
  return rename(build, { x, y, layout: build.layout(x) });
}

/** A transposition is a new name when it only relabels axes, which is so whenever the input's axes are still known. */
export function lowerTranspose(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Transpose has an input and an output." };
  const shape = build.shape(x);
  const permutation = numbers(node.attrs["perm"]) ?? shape.map((_, axis) => shape.length - 1 - axis);
  const layout = relabelled(build.layout(x), shape, permutation);
  if (layout !== null) return rename(build, { x, y, layout });
  const activation = build.read(x, rowMajorOf(shape));
  const moved = relabelled(rowMajorOf(shape), shape, permutation) ?? rowMajorOf(shape);
  return rename(build, { x, y, layout: moved, activation });
}

function rename(build: Builder, to: { readonly x: ValueId; readonly y: ValueId; readonly layout: Layout; readonly activation?: string }): Refusal | null {
  const from = build.placed(to.x);
  const quant = from?.quant ?? null;
  const declared = valueOf(build.graph, to.y).quant;
  if (quant !== null && declared !== null && !sameQuant(quant, declared)) return { refused: sameRule };
  build.place(to.y, { activation: to.activation ?? build.read(to.x), layout: to.layout, quant });
  return null;
}

/** Result axes in the order in which they lie, with the bytes between neighbours. */
export interface Lie {
  readonly order: readonly number[];
  readonly strides: readonly number[];
  readonly layout: Layout;
}

/** How a value of `shape` lies: in `like`'s axis order when that is known, else row-major. */
export function lieOf(order: readonly number[] | null, shape: readonly number[]): Lie {
  const chosen = order ?? shape.map((_, axis) => axis);
  return { order: chosen, strides: stridesOf(chosen, shape), layout: layoutOf(shape, chosen) };
}

/** y = parts one after another along `axis`; each part is copied to its place. */
export function lowerConcat(node: Node, build: Builder): Refusal | null {
  const y = node.outputs[0];
  const parts = node.inputs.filter((id) => id !== null);
  if (!y || parts.length === 0) return { refused: "Concat has parts and an output." };
  const shape = build.shape(y);
  const axis = axisOf(node.attrs["axis"], shape.length);
  if (parts.some((id) => !sameQuant(build.quant(id), build.quant(y)))) return { refused: sameRule };
  const lead = parts.find((id) => build.placed(id) !== null);
  const order = lead === undefined ? null : axisOrder(build.layout(lead), build.shape(lead));
  const lie = lieOf(order, shape);
  const output = build.allocate(y, lie.layout);
  let before = 0;
  for (const id of parts) {
    const dims = build.shape(id);
    const constant = valueOf(build.graph, id).constant;
    const part = lieOf(constant === null ? lie.order : null, dims);
    const axes = lie.order.map((each) => ({ count: dims[each] ?? 1, inStride: part.strides[each] ?? 0, outStride: lie.strides[each] ?? 0 }));
    if (!fitsCopy(axes)) return { refused: loopsRule };
    build.push({
      kernel: "copy", parameters: copyParameters(axes), inputs: constant === null ? [build.read(id, part.layout)] : [],
      ...(constant === null ? {} : { arrays: [{ field: "constant", use: "weights", data: new Int8Array(constant.bytes), comment: `[${elementCount(dims)}]` }] }),
      output, outputOffsetBytes: before * (lie.strides[axis] ?? 1),
    });
    before += dims[axis] ?? 0;
  }
  return null;
}

/** Range of one axis: elements start, start + step, ... */
interface Cut {
  readonly start: number;
  readonly step: number;
}

/** Copies y = x[start + step · i] along each axis. */
function copyCut(build: Builder, cut: { readonly x: ValueId; readonly y: ValueId; readonly cuts: ReadonlyMap<number, Cut> }): Refusal | null {
  const { x, y, cuts } = cut;
  if (!sameQuant(build.quant(x), build.quant(y))) return { refused: sameRule };
  const from = build.shape(x);
  const to = build.shape(y);
  const held = axisOrder(build.layout(x), from);
  const source = lieOf(held, from);
  const target = lieOf(source.order, to);
  const starts = from.map((_, axis) => (cuts.get(axis)?.start ?? 0) * (source.strides[axis] ?? 0));
  const axes = target.order.map((axis): CopyAxis => ({
    count: to[axis] ?? 1, inStride: (source.strides[axis] ?? 0) * (cuts.get(axis)?.step ?? 1), outStride: target.strides[axis] ?? 0,
  }));
  if (!fitsCopy(axes)) return { refused: loopsRule };
  const input = build.read(x, source.layout);
  const startBytes = starts.reduce((sum, start) => sum + start, 0);
  build.push({ kernel: "copy", parameters: copyParameters(axes, startBytes), inputs: [input], output: build.allocate(y, target.layout) });
  return null;
}

export function lowerSlice(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Slice has an input and an output." };
  const shape = build.shape(x);
  const starts = integerConstant(build.graph, node.inputs[1]);
  const axes = integerConstant(build.graph, node.inputs[3]) ?? starts?.map((_, i) => i);
  const steps = integerConstant(build.graph, node.inputs[4]) ?? starts?.map(() => 1);
  if (!starts || !axes || !steps) return { refused: "The limits of a Slice must be constants." };
  const cuts = new Map(axes.map((axis, i): readonly [number, Cut] => {
    const at = axis < 0 ? axis + shape.length : axis;
    const dim = shape[at] ?? 1;
    const step = steps[i] ?? 1;
    const start = starts[i] ?? 0;
    return [at, { step, start: Math.min(Math.max(start < 0 ? start + dim : start, 0), step < 0 ? dim - 1 : dim) }];
  }));
  return copyCut(build, { x, y, cuts });
}

export function lowerSplit(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  if (!x) return { refused: "Split has an input." };
  const axis = axisOf(node.attrs["axis"] ?? 0, build.shape(x).length);
  let start = 0;
  for (const y of node.outputs) {
    const refusal = copyCut(build, { x, y, cuts: new Map([[axis, { start, step: 1 }]]) });
    if (refusal !== null) return refusal;
    start += build.shape(y)[axis] ?? 0;
  }
  return null;
}

function axisOf(attr: unknown, rank: number): number {
  const axis = typeof attr === "number" ? attr : 0;
  return axis < 0 ? axis + rank : axis;
}
