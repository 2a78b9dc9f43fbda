import { type TestModel, type TestOption, type TestTensor, tfliteFile } from "../../../../formats/src/tflite/testing/tflite-file.ts";

type Shape = readonly number[];

/** An int8 tensor; zero points and scales are odd on purpose. */
function stored(name: string, shape: Shape, [scale, zero]: readonly [number, number]): TestTensor {
  return { name, type: "int8", shape, scale: [scale], zeroPoint: [zero] };
}

/** Bytes of weights over the whole range but -128, from a seed. */
function weights(count: number, seed: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 16) % 255 - 127 + 256) % 256;
  });
}

/** Weights of `channels` scales along an axis, and biases that fit. */
function filter(shape: Shape, axis: number, inputScale: number): readonly [TestTensor, TestTensor] {
  const channels = shape[axis] ?? 1;
  const scale = Array.from({ length: channels }, (_, c) => 0.004 + 0.0013 * c);
  return [
    { name: "w", type: "int8", shape, axis, scale, zeroPoint: scale.map(() => 0), data: weights(shape.reduce((a, b) => a * b, 1), 7) },
    { name: "b", type: "int32", shape: [channels], axis: 0, scale: scale.map((s) => s * inputScale), zeroPoint: scale.map(() => 0), data: scale.map((_, c) => 900 * c - 1300) },
  ];
}

const X = [0.0371, -9] as const;
const Y = [0.0813, 17] as const;
const picture = stored("x", [1, 9, 7, 6], X);

interface Single {
  readonly op: string;
  /** Number of the options' table in the file format's union of all. */
  readonly options: number;
  readonly fields: readonly TestOption[];
  readonly tensors: readonly TestTensor[];
}

const int8 = (field: number, value: number): TestOption => ({ field, int8: value });
const int32 = (field: number, value: number): TestOption => ({ field, int32: value });

/** Strides 2 x 1, SAME unless said. */
function conv(shape: Shape, output: Shape, fields: readonly TestOption[] = []): Single {
  return { op: "CONV_2D", options: 1, fields: [int8(0, 0), int32(1, 2), int32(2, 1), ...fields], tensors: [picture, ...filter(shape, 0, X[0]), stored("y", output, Y)] };
}

function pair(op: string, options: number, fields: readonly TestOption[] = [int8(0, 0)]): Single {
  return { op, options, fields, tensors: [picture, stored("z", [1, 9, 7, 6], [0.052, 31]), stored("y", [1, 9, 7, 6], Y)] };
}

/** Maximum and minimum compare stored integers: one scale for all. */
function extremum(op: string): Single {
  return { op, options: 39, fields: [], tensors: [picture, stored("z", [1, 9, 7, 6], X), stored("y", [1, 9, 7, 6], X)] };
}

function unary(op: string, options: number, { fields = [], output = Y, shape = [1, 9, 7, 6] }: { readonly fields?: readonly TestOption[]; readonly output?: readonly [number, number]; readonly shape?: Shape } = {}): Single {
  return { op, options, fields, tensors: [picture, stored("y", shape, output)] };
}

function pool(op: string): Single {
  return unary(op, 5, { output: X, shape: [1, 5, 7, 6], fields: [int8(0, 0), int32(1, 1), int32(2, 2), int32(3, 3), int32(4, 2)] });
}

function sized(op: string, options: number, fields: readonly TestOption[]): Single {
  return { op, options, fields, tensors: [picture, { name: "s", type: "int32", shape: [2], data: [14, 5] }, stored("y", [1, 14, 5, 6], X)] };
}

const singles: Readonly<Record<string, Single>> = {
  "CONV_2D 3x3": conv([5, 3, 3, 6], [1, 9, 4, 5]),
  "CONV_2D 3x3, RELU6": conv([5, 3, 3, 6], [1, 9, 4, 5], [int8(3, 3)]),
  "CONV_2D 1x1": conv([8, 1, 1, 6], [1, 9, 4, 8]),
  "CONV_2D dilated": { ...conv([5, 3, 3, 6], [1, 9, 7, 5]), fields: [int8(0, 0), int32(1, 1), int32(2, 1), int32(4, 2), int32(5, 2)] },
  "CONV_2D grouped": conv([4, 3, 3, 3], [1, 9, 4, 4]),
  "DEPTHWISE_CONV_2D 3x3": { op: "DEPTHWISE_CONV_2D", options: 2, fields: [int8(0, 0), int32(1, 1), int32(2, 2), int32(3, 1)], tensors: [picture, ...filter([1, 3, 3, 6], 3, X[0]), stored("y", [1, 5, 7, 6], Y)] },
  "DEPTHWISE_CONV_2D of multiplier 2": { op: "DEPTHWISE_CONV_2D", options: 2, fields: [int8(0, 1), int32(1, 1), int32(2, 1), int32(3, 2), int8(4, 1)], tensors: [picture, ...filter([1, 3, 3, 12], 3, X[0]), stored("y", [1, 7, 5, 12], Y)] },
  "TRANSPOSE_CONV": { op: "TRANSPOSE_CONV", options: 49, fields: [int8(0, 0), int32(1, 2), int32(2, 2)], tensors: [{ name: "s", type: "int32", shape: [4], data: [1, 18, 14, 5] }, filter([5, 3, 3, 6], 0, X[0])[0], picture, stored("y", [1, 18, 14, 5], Y)] },
  "FULLY_CONNECTED": { op: "FULLY_CONNECTED", options: 8, fields: [int8(0, 0)], tensors: [stored("x", [1, 96], X), { ...filter([10, 96], 0, X[0])[0], scale: [0.006], zeroPoint: [0] }, { name: "b", type: "int32", shape: [10], scale: [0.006 * X[0]], zeroPoint: [0], data: [5, -700, 800, 0, 12, -3000, 9, 77, -1, 4000] }, stored("y", [1, 10], [0.3, 4])] },
  "ADD": pair("ADD", 11),
  "ADD, RELU": pair("ADD", 11, [int8(0, 1)]),
  "SUB": pair("SUB", 28),
  "MUL": pair("MUL", 21),
  "MAXIMUM": extremum("MAXIMUM"),
  "MINIMUM": extremum("MINIMUM"),
  "AVERAGE_POOL_2D": pool("AVERAGE_POOL_2D"),
  "MAX_POOL_2D": pool("MAX_POOL_2D"),
  "MEAN over the picture": { op: "MEAN", options: 27, fields: [int8(0, 1)], tensors: [picture, { name: "a", type: "int32", shape: [2], data: [1, 2] }, stored("y", [1, 1, 1, 6], [0.02, -3])] },
  "SOFTMAX": { op: "SOFTMAX", options: 9, fields: [{ field: 0, float32: 1 }], tensors: [stored("x", [4, 12], X), stored("y", [4, 12], [1 / 256, -128])] },
  "LOGISTIC": unary("LOGISTIC", 0, { output: [1 / 256, -128] }),
  "TANH": unary("TANH", 0, { output: [1 / 128, 0] }),
  "RELU": unary("RELU", 0),
  "RELU6": unary("RELU6", 0),
  "LEAKY_RELU": unary("LEAKY_RELU", 75, { fields: [{ field: 0, float32: 0.1 }] }),
  "HARD_SWISH": unary("HARD_SWISH", 91),
  "QUANTIZE of int8": unary("QUANTIZE", 89),
  "PAD": { op: "PAD", options: 22, fields: [], tensors: [picture, { name: "p", type: "int32", shape: [4, 2], data: [0, 0, 1, 2, 3, 0, 0, 1] }, stored("y", [1, 12, 10, 7], X)] },
  "CONCATENATION": { op: "CONCATENATION", options: 10, fields: [int32(0, 3)], tensors: [picture, stored("z", [1, 9, 7, 6], X), stored("y", [1, 9, 7, 12], X)] },
  "RESIZE_BILINEAR": sized("RESIZE_BILINEAR", 15, [int8(2, 0), int8(3, 1)]),
  "RESIZE_BILINEAR, corners aligned": sized("RESIZE_BILINEAR", 15, [int8(2, 1)]),
  "RESIZE_NEAREST_NEIGHBOR": sized("RESIZE_NEAREST_NEIGHBOR", 74, [int8(1, 1)]),
};

/** TensorFlow Lite files of one int8 operator each, by what they show. The last tensor is computed from the others. */
export const operatorFiles: Readonly<Record<string, Uint8Array>> = Object.fromEntries(Object.entries(singles).map(([name, single]) => [name, tfliteFile(modelOf(single))]));

function modelOf({ op, options, fields, tensors }: Single): TestModel {
  const output = tensors.length - 1;
  return {
    tensors, outputs: [output], inputs: tensors.flatMap(({ data }, i) => data === undefined && i !== output ? [i] : []),
    operators: [{ op, inputs: tensors.slice(0, output).map((_, i) => i), outputs: [output], options: fields, optionsType: options }],
  };
}
