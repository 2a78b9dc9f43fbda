import type { Attrs, DType, Graph, Node, OpName, Quant, Value } from "../../packages/graph/src/index.ts";
import { elementCount } from "../../packages/graph/src/index.ts";

/** An operand of one layer: stored numbers, or plain ones where there is no scale. */
export interface Operand {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly scale: readonly number[] | null;
  readonly axis: number | null;
  readonly data: readonly number[];
  /** Stands in the file; others are fed. */
  readonly constant: boolean;
}

/** One layer of int16 activations with its operands. */
export interface Int16Case {
  readonly name: string;
  readonly op: OpName;
  readonly attrs: Attrs;
  readonly inputs: readonly (Operand | null)[];
  readonly output: { readonly shape: readonly number[]; readonly scale: number };
}

/** Whole numbers within ±most, the ends among them; the same each time. */
function numbers(count: number, most: number, seed = 1): readonly number[] {
  let state = seed * 2654435761;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (i % 19 === 7) return most;
    if (i % 19 === 11) return -most - 1;
    return Math.floor((state / 2 ** 32) * (2 * most + 1)) - most;
  });
}

const x = (shape: readonly number[], scale: number, seed = 1): Operand => ({ dtype: "int16", shape, scale: [Math.fround(scale)], axis: null, data: numbers(elementCount(shape), 32767, seed), constant: false });
const whole = (values: readonly number[]): Operand => ({ dtype: "int64", shape: [values.length], scale: null, axis: null, data: values, constant: true });

function weights(shape: readonly number[], axis: number | null, seed = 3): Operand {
  const channels = axis === null ? 1 : (shape[axis] ?? 1);
  return { dtype: "int8", shape, scale: Array.from({ length: channels }, (_, c) => Math.fround(0.004 + 0.003 * c)), axis, data: numbers(elementCount(shape), 126, seed), constant: true };
}

function bias(input: Operand, weight: Operand, channels: number): Operand {
  const [inputScale = 1] = input.scale ?? [];
  const scale = Array.from({ length: channels }, (_, c) => Math.fround(inputScale * (weight.scale?.[weight.scale.length === 1 ? 0 : c] ?? 1)));
  return { dtype: "int64", shape: [channels], scale: weight.axis === null ? scale.slice(0, 1) : scale, axis: weight.axis === null ? null : 0, data: numbers(channels, 400_000, 9), constant: true };
}

function layer(name: string, op: OpName, of: { readonly attrs?: Attrs; readonly inputs: readonly (Operand | null)[]; readonly shape: readonly number[]; readonly scale: number }): Int16Case {
  return { name, op, attrs: of.attrs ?? {}, inputs: of.inputs, output: { shape: of.shape, scale: Math.fround(of.scale) } };
}

const picture = x([1, 3, 5, 4], 0.0007);
const row = x([2, 7], 0.0011);
const square = weights([4, 3, 3, 3], 0);
const perColumn = weights([7, 5], 1);
const perTensor = weights([5, 7], null);
const lanes = weights([6, 1, 3, 3], 0);
const wide = x([1, 6, 5, 4], 0.0007, 2);
const spread = weights([3, 2, 2, 2], 1);

export const cases: readonly Int16Case[] = [
  layer("Conv", "Conv", { attrs: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }, inputs: [picture, square, bias(picture, square, 4)], shape: [1, 4, 5, 4], scale: 0.004 }),
  layer("Conv with a clamp", "Conv", { attrs: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], clampMin: 0, clampMax: 6 }, inputs: [picture, square, bias(picture, square, 4)], shape: [1, 4, 5, 4], scale: 0.0004 }),
  layer("Conv, depthwise", "Conv", { attrs: { kernel_shape: [3, 3], group: 6, strides: [2, 2], pads: [1, 0, 1, 1] }, inputs: [wide, lanes, bias(wide, lanes, 6)], shape: [1, 6, 3, 2], scale: 0.003 }),
  layer("ConvTranspose", "ConvTranspose", { attrs: { kernel_shape: [2, 2], strides: [2, 2] }, inputs: [picture, spread, bias(picture, spread, 2)], shape: [1, 2, 10, 8], scale: 0.0013 }),
  layer("Gemm with a scale a column", "Gemm", { inputs: [row, perColumn, bias(row, perColumn, 5)], shape: [2, 5], scale: 0.005 }),
  layer("Gemm with one scale", "Gemm", { attrs: { transB: 1 }, inputs: [row, perTensor, bias(row, perTensor, 5)], shape: [2, 5], scale: 0.0017 }),
  layer("MatMul of two activations", "MatMul", { inputs: [x([1, 3, 4], 0.0011), x([1, 4, 3], 0.0009, 4)], shape: [1, 3, 3], scale: 0.01 }),
  layer("Add", "Add", { inputs: [picture, x([1, 3, 5, 4], 0.0004, 2)], shape: [1, 3, 5, 4], scale: 0.0009 }),
  layer("Add with a clamp", "Add", { attrs: { clampMin: 0 }, inputs: [picture, x([1, 3, 5, 4], 0.0009, 2)], shape: [1, 3, 5, 4], scale: 0.0013 }),
  layer("Sub", "Sub", { inputs: [picture, x([1, 3, 5, 4], 0.0004, 2)], shape: [1, 3, 5, 4], scale: 0.0009 }),
  layer("Mul", "Mul", { inputs: [picture, x([1, 3, 5, 4], 0.0004, 2)], shape: [1, 3, 5, 4], scale: 0.011 }),
  layer("Relu", "Relu", { inputs: [picture], shape: [1, 3, 5, 4], scale: 0.0005 }),
  layer("LeakyRelu", "LeakyRelu", { attrs: { alpha: 0.1 }, inputs: [picture], shape: [1, 3, 5, 4], scale: 0.0006 }),
  layer("Sigmoid", "Sigmoid", { inputs: [x([1, 200], 0.0003)], shape: [1, 200], scale: 2 ** -15 }),
  layer("Sigmoid of a power of two", "Sigmoid", { inputs: [x([1, 60], 2 ** -12)], shape: [1, 60], scale: 2 ** -15 }),
  layer("Tanh", "Tanh", { inputs: [x([1, 200], 0.0002)], shape: [1, 200], scale: 2 ** -15 }),
  layer("Tanh of a power of two", "Tanh", { inputs: [x([1, 60], 2 ** -11)], shape: [1, 60], scale: 2 ** -15 }),
  layer("Softmax", "Softmax", { attrs: { axis: 1 }, inputs: [x([6, 10], 0.0004)], shape: [6, 10], scale: 2 ** -15 }),
  layer("Softmax of near numbers", "Softmax", { attrs: { axis: 1 }, inputs: [x([6, 10], 0.00002)], shape: [6, 10], scale: 2 ** -15 }),
  layer("MaxPool", "MaxPool", { attrs: { kernel_shape: [2, 2], strides: [2, 2] }, inputs: [picture], shape: [1, 3, 2, 2], scale: 0.0007 }),
  layer("AveragePool", "AveragePool", { attrs: { kernel_shape: [2, 2], strides: [1, 1] }, inputs: [picture], shape: [1, 3, 4, 3], scale: 0.0007 }),
  layer("GlobalAveragePool", "GlobalAveragePool", { inputs: [picture], shape: [1, 3, 1, 1], scale: 0.0003 }),
  layer("ReduceMean", "ReduceMean", { attrs: { keepdims: 0 }, inputs: [picture, whole([2, 3])], shape: [1, 3], scale: 0.0007 }),
  layer("Resize, linear", "Resize", { attrs: { mode: "linear", coordinate_transformation_mode: "half_pixel" }, inputs: [picture, null, null, whole([1, 3, 9, 7])], shape: [1, 3, 9, 7], scale: 0.0007 }),
  layer("Resize, nearest", "Resize", { attrs: { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" }, inputs: [picture, null, null, whole([1, 3, 10, 8])], shape: [1, 3, 10, 8], scale: 0.0007 }),
  layer("Pad", "Pad", { inputs: [picture, whole([0, 0, 1, 1, 0, 0, 1, 2])], shape: [1, 3, 7, 7], scale: 0.0007 }),
  layer("Concat", "Concat", { attrs: { axis: 1 }, inputs: [picture, x([1, 2, 5, 4], 0.0007, 2)], shape: [1, 5, 5, 4], scale: 0.0007 }),
  layer("Max", "Max", { inputs: [picture, x([1, 3, 5, 4], 0.0007, 2)], shape: [1, 3, 5, 4], scale: 0.0007 }),
  layer("Quantize of another scale", "Quantize", { inputs: [picture], shape: [1, 3, 5, 4], scale: 0.0005 }),
];

/** The layer as a graph. */
export function graphOf({ name, op, attrs, inputs, output }: Int16Case): Graph {
  const ids = inputs.map((input, i) => (input === null ? null : `x${i}`));
  const values = inputs.flatMap((input, i): readonly Value[] => (input === null ? [] : [{
    id: `x${i}`, dtype: input.dtype, shape: input.shape, quant: quantOf(input), constant: input.constant ? { bytes: bytesOf(input) } : null,
  }]));
  const y: Value = { id: "y", dtype: "int16", shape: output.shape, quant: { kind: "affine", scale: [output.scale], zeroPoint: [0], axis: null }, constant: null };
  const node: Node = { op, inputs: ids, outputs: ["y"], attrs, origin: { file: name, node: name } };
  return { name, inputs: values.filter(({ constant }) => constant === null).map(({ id }) => id), outputs: ["y"], nodes: [node], values: new Map([...values, y].map((value) => [value.id, value])), metadata: {} };
}

function quantOf({ scale, axis }: Operand): Quant | null {
  return scale && { kind: "affine", scale, zeroPoint: scale.map(() => 0), axis };
}

/** Contents, little-endian. */
export function bytesOf({ dtype, data }: Pick<Operand, "dtype" | "data">): Uint8Array {
  switch (dtype) {
    case "int8": return new Uint8Array(Int8Array.from(data).buffer);
    case "int16": return new Uint8Array(Int16Array.from(data).buffer);
    case "int64": return new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
    default: throw new Error(`no ${dtype} operands here`);
  }
}
