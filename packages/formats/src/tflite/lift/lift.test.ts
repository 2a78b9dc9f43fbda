import { expect, test, describe } from "vitest";
import { type OneOperator, oneOperator, readText, text } from "../testing/read-text.ts";

/** A case: what it shows, the operator, and the graph it becomes. */
type Case = readonly [string, OneOperator, string];

const x = { name: "x", shape: [1, 4, 6, 2] };
const qx = { ...x, type: "int8" as const, scale: [0.5], zeroPoint: [3] };

const windows: readonly Case[] = [
  ["CONV_2D with SAME padding, odd element at the end, and RELU6", {
    op: "CONV_2D", inputs: [0, 1, 2], outputs: [3],
    tensors: [{ name: "x", shape: [1, 4, 5, 1] }, { name: "w", shape: [2, 3, 2, 1], data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }, { name: "b", shape: [2], data: [0.5, -1] }, { name: "y", shape: [1, 2, 3, 2] }],
    options: [{ field: 0, int8: 0 }, { field: 1, int32: 2 }, { field: 2, int32: 2 }, { field: 3, int8: 3 }],
  }, `
    in x: float32[1, 4, 5, 1]
    w.oihw: float32[2, 1, 3, 2] = const [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    b: float32[2] = const [0.5, -1]
    x.nchw: float32[1, 1, 4, 5] = Transpose(x) perm=[0, 3, 1, 2]
    y.nchw: float32[1, 2, 2, 3] = Conv(x.nchw, w.oihw, b) clampMax=6 clampMin=0 kernel_shape=[3, 2] pads=[0, 0, 1, 1] strides=[2, 2]
    y: float32[1, 2, 3, 2] = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
  ["int8 CONV_2D in two groups, dilated, with a scale a channel", {
    op: "CONV_2D", inputs: [0, 1, 2], outputs: [3],
    tensors: [qx, { name: "w", shape: [2, 2, 1, 1], type: "int8", data: [1, 2, 253, 4], scale: [0.25, 0.125], zeroPoint: [0, 0], axis: 0 },
      { name: "b", shape: [2], type: "int32", data: [7, -7], scale: [0.125, 0.0625] }, { name: "y", shape: [1, 2, 6, 2], type: "int8", scale: [1], zeroPoint: [-1] }],
    options: [{ field: 0, int8: 1 }, { field: 1, int32: 1 }, { field: 2, int32: 1 }, { field: 4, int32: 1 }, { field: 5, int32: 2 }],
  }, `
    in x: int8[1, 4, 6, 2] scale=0.5 zero=3
    w.oihw: int8[2, 1, 2, 1] scale=[0.25, 0.125] axis=0 = const [1, 2, -3, 4]
    b.bias: int32[2] scale=[0.125, 0.0625] axis=0 = const [7, -7]
    x.nchw: int8[1, 2, 4, 6] scale=0.5 zero=3 = Transpose(x) perm=[0, 3, 1, 2]
    y.nchw: int8[1, 2, 2, 6] scale=1 zero=-1 = Conv(x.nchw, w.oihw, b.bias) dilations=[2, 1] group=2 kernel_shape=[2, 1]
    y: int8[1, 2, 6, 2] scale=1 zero=-1 = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
  ["DEPTHWISE_CONV_2D with a multiplier: channel c makes channels c · multiplier + q", {
    op: "DEPTHWISE_CONV_2D", inputs: [0, 1], outputs: [2],
    tensors: [{ name: "x", shape: [1, 1, 2, 2] }, { name: "w", shape: [1, 1, 2, 4], data: [1, 2, 3, 4, 5, 6, 7, 8] }, { name: "y", shape: [1, 1, 1, 4] }],
    options: [{ field: 0, int8: 1 }, { field: 1, int32: 1 }, { field: 2, int32: 1 }, { field: 3, int32: 2 }],
  }, `
    in x: float32[1, 1, 2, 2]
    w.oihw: float32[4, 1, 1, 2] = const [1, 5, 2, 6, 3, 7, 4, 8]
    x.nchw: float32[1, 2, 1, 2] = Transpose(x) perm=[0, 3, 1, 2]
    y.nchw: float32[1, 4, 1, 1] = Conv(x.nchw, w.oihw) group=2 kernel_shape=[1, 2]
    y: float32[1, 1, 1, 4] = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
  ["TRANSPOSE_CONV with SAME padding to an odd size: a row is cut at each end", {
    op: "TRANSPOSE_CONV", inputs: [0, 1, 2], outputs: [3],
    tensors: [{ name: "s", shape: [4], type: "int32", data: [1, 3, 4, 1] }, { name: "w", shape: [1, 3, 2, 1], data: [1, 2, 3, 4, 5, 6] }, { name: "x", shape: [1, 2, 2, 1] }, { name: "y", shape: [1, 3, 4, 1] }],
    options: [{ field: 0, int8: 0 }, { field: 1, int32: 2 }, { field: 2, int32: 2 }],
  }, `
    in x: float32[1, 2, 2, 1]
    w.iohw: float32[1, 1, 3, 2] = const [1, 2, 3, 4, 5, 6]
    x.nchw: float32[1, 1, 2, 2] = Transpose(x) perm=[0, 3, 1, 2]
    y.nchw: float32[1, 1, 3, 4] = ConvTranspose(x.nchw, w.iohw) kernel_shape=[3, 2] pads=[1, 0, 1, 0] strides=[2, 2]
    y: float32[1, 3, 4, 1] = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
  ["AVERAGE_POOL_2D of uint8 as int8, 128 lower at both borders, halves up", {
    op: "AVERAGE_POOL_2D", inputs: [0], outputs: [1],
    tensors: [{ ...x, type: "uint8", scale: [0.5], zeroPoint: [128] }, { name: "y", shape: [1, 2, 3, 2], type: "uint8", scale: [0.5], zeroPoint: [128] }],
    options: [{ field: 0, int8: 0 }, { field: 1, int32: 2 }, { field: 2, int32: 2 }, { field: 3, int32: 2 }, { field: 4, int32: 2 }, { field: 5, int8: 1 }],
  }, `
    in x: int8[1, 4, 6, 2] scale=0.5
    x.nchw: int8[1, 2, 4, 6] scale=0.5 = Transpose(x) perm=[0, 3, 1, 2]
    y.nchw: int8[1, 2, 2, 3] scale=0.5 = AveragePool(x.nchw) clampMin=0 halves="up" kernel_shape=[2, 2] strides=[2, 2]
    y: int8[1, 2, 3, 2] scale=0.5 = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
  ["RESIZE_NEAREST_NEIGHBOR with half-pixel centers", {
    op: "RESIZE_NEAREST_NEIGHBOR", inputs: [0, 1], outputs: [2],
    tensors: [x, { name: "s", shape: [2], type: "int32", data: [8, 3] }, { name: "y", shape: [1, 8, 3, 2] }], options: [{ field: 1, int8: 1 }],
  }, `
    in x: float32[1, 4, 6, 2]
    x.nchw: float32[1, 2, 4, 6] = Transpose(x) perm=[0, 3, 1, 2]
    y.sizes: int64[4] = const [1, 2, 8, 3]
    y.nchw: float32[1, 2, 8, 3] = Resize(x.nchw, _, _, y.sizes) coordinate_transformation_mode="half_pixel" mode="nearest" nearest_mode="round_prefer_ceil"
    y: float32[1, 8, 3, 2] = Transpose(y.nchw) perm=[0, 2, 3, 1]
    out y
  `],
];

const rows: readonly Case[] = [
  ["FULLY_CONNECTED of a picture: read as rows, written in the output's shape; uint8 weights keep a zero point that they need", {
    op: "FULLY_CONNECTED", inputs: [0, 1, -1], outputs: [2],
    tensors: [{ ...x, type: "uint8", scale: [0.5], zeroPoint: [0] }, { name: "w", shape: [1, 2], type: "uint8", data: [0, 255], scale: [0.25], zeroPoint: [100] }, { name: "y", shape: [1, 4, 6, 1], type: "uint8", scale: [1], zeroPoint: [7] }],
    options: [{ field: 0, int8: 1 }, { field: 2, int8: 1 }],
  }, `
    in x: int8[1, 4, 6, 2] scale=0.5 zero=-128
    w.weights: int8[1, 2] scale=0.25 zero=-28 = const [-128, 127]
    x.rows: int8[24, 2] scale=0.5 zero=-128 = Reshape(x, x.rows.shape)
    x.rows.shape: int64[2] = const [24, 2]
    y.rows: int8[24, 1] scale=1 zero=-121 = Gemm(x.rows, w.weights) clampMin=0 transB=1
    y.shape: int64[4] = const [1, 4, 6, 1]
    y: int8[1, 4, 6, 1] scale=1 zero=-121 = Reshape(y.rows, y.shape)
    out y
  `],
  ["FULLY_CONNECTED with weights only in int8, whose zero point can be taken off", {
    op: "FULLY_CONNECTED", inputs: [0, 1, -1], outputs: [2],
    tensors: [{ name: "x", shape: [1, 2] }, { name: "w", shape: [1, 2], type: "int8", data: [10, 250], scale: [0.25], zeroPoint: [5] }, { name: "y", shape: [1, 1] }],
  }, `
    in x: float32[1, 2]
    w.weights: int8[1, 2] scale=0.25 = const [5, -11]
    y: float32[1, 1] = Gemm(x, w.weights) transB=1
    out y
  `],
  ["MEAN without its axes", {
    op: "MEAN", inputs: [0, 1], outputs: [2],
    tensors: [x, { name: "a", shape: [2], type: "int32", data: [-2, 1] }, { name: "y", shape: [1, 2] }], options: [{ field: 0, int8: 0 }],
  }, `
    in x: float32[1, 4, 6, 2]
    y.axes: int64[2] = const [1, 2]
    y: float32[1, 2] = ReduceMean(x, y.axes) keepdims=0
    out y
  `],
  ["SOFTMAX of beta · x", {
    op: "SOFTMAX", inputs: [0], outputs: [1], tensors: [{ name: "x", shape: [1, 3] }, { name: "y", shape: [1, 3] }], options: [{ field: 0, float32: 0.5 }],
  }, `
    in x: float32[1, 3]
    y.beta: float32[] = const [0.5]
    y.scaled: float32[1, 3] = Mul(x, y.beta)
    y: float32[1, 3] = Softmax(y.scaled) axis=-1
    out y
  `],
  ["DIV with RELU as a node of its own", {
    op: "DIV", inputs: [0, 1], outputs: [2], tensors: [{ name: "a", shape: [2] }, { name: "b", shape: [2] }, { name: "y", shape: [2] }], options: [{ field: 0, int8: 1 }],
  }, `
    in a: float32[2]
    in b: float32[2]
    y.quotient: float32[2] = Div(a, b)
    y: float32[2] = Relu(y.quotient)
    out y
  `],
  ["RELU_N1_TO_1", {
    op: "RELU_N1_TO_1", inputs: [0], outputs: [1], tensors: [{ name: "x", shape: [2] }, { name: "y", shape: [2] }],
  }, `
    in x: float32[2]
    y.min: float32[] = const [-1]
    y.max: float32[] = const [1]
    y: float32[2] = Clip(x, y.min, y.max)
    out y
  `],
];

const moves: readonly Case[] = [
  ["PADV2 of int8, with the real number that its constant stands for", {
    op: "PADV2", inputs: [0, 1, 2], outputs: [3],
    tensors: [{ name: "x", shape: [1, 2], type: "int8", scale: [0.5], zeroPoint: [3] }, { name: "p", shape: [2, 2], type: "int32", data: [0, 1, 2, 3] }, { name: "v", shape: [], type: "int8", data: [7], scale: [0.5], zeroPoint: [3] }, { name: "y", shape: [2, 7], type: "int8", scale: [0.5], zeroPoint: [3] }],
  }, `
    in x: int8[1, 2] scale=0.5 zero=3
    y.pads: int64[4] = const [0, 2, 1, 3]
    y.value: float32[] = const [2]
    y: int8[2, 7] scale=0.5 zero=3 = Pad(x, y.pads, y.value)
    out y
  `],
  ["CONCATENATION that rescales the operand whose scale differs", {
    op: "CONCATENATION", inputs: [0, 1], outputs: [2],
    tensors: [{ name: "a", shape: [1, 2], type: "int8", scale: [0.5] }, { name: "b", shape: [1, 1], type: "int8", scale: [0.25], zeroPoint: [4] }, { name: "y", shape: [1, 3], type: "int8", scale: [0.5] }],
    options: [{ field: 0, int32: -1 }],
  }, `
    in a: int8[1, 2] scale=0.5
    in b: int8[1, 1] scale=0.25 zero=4
    b.rescaled: int8[1, 1] scale=0.5 = Quantize(b)
    y: int8[1, 3] scale=0.5 = Concat(a, b.rescaled) axis=-1
    out y
  `],
  ["STRIDED_SLICE with masks: the first axis dropped, the second backwards to its start", {
    op: "STRIDED_SLICE", inputs: [0, 1, 2, 3], outputs: [4],
    tensors: [{ name: "x", shape: [3, 5] }, { name: "b", shape: [2], type: "int32", data: [-1, 0] }, { name: "e", shape: [2], type: "int32", data: [0, 0] }, { name: "s", shape: [2], type: "int32", data: [1, -2] }, { name: "y", shape: [3] }],
    options: [{ field: 0, int32: 2 }, { field: 1, int32: 2 }, { field: 4, int32: 1 }],
  }, `
    in x: float32[3, 5]
    y.cut.starts: int64[2] = const [-1, 2147483647]
    y.cut.ends: int64[2] = const [2147483647, -2147483647]
    y.cut.axes: int64[2] = const [0, 1]
    y.cut.steps: int64[2] = const [1, -2]
    y.cut = Slice(x, y.cut.starts, y.cut.ends, y.cut.axes, y.cut.steps)
    y.shape: int64[1] = const [3]
    y: float32[3] = Reshape(y.cut, y.shape)
    out y
  `],
  ["UNPACK", {
    op: "UNPACK", inputs: [0], outputs: [1, 2], tensors: [{ name: "x", shape: [3, 2] }, { name: "y", shape: [3] }, { name: "z", shape: [3] }], options: [{ field: 0, int32: 2 }, { field: 1, int32: -1 }],
  }, `
    in x: float32[3, 2]
    y.split: int64[2] = const [1, 1]
    y.slab: float32[3, 1], z.slab: float32[3, 1] = Split(x, y.split) axis=1
    y.shape: int64[1] = const [3]
    y: float32[3] = Reshape(y.slab, y.shape)
    z.shape: int64[1] = const [3]
    z: float32[3] = Reshape(z.slab, z.shape)
    out y, z
  `],
  ["QUANTIZE to uint8, which is int8 here", {
    op: "QUANTIZE", inputs: [0], outputs: [1], tensors: [{ name: "x", shape: [2] }, { name: "y", shape: [2], type: "uint8", scale: [0.5], zeroPoint: [128] }],
  }, `
    in x: float32[2]
    y: int8[2] scale=0.5 = Quantize(x)
    out y
  `],
];

describe("an operator of the file becomes nodes of the vocabulary", () => {
  test.each([...windows, ...rows, ...moves])("%s", (_, operator, expected) => {
    expect(readText(oneOperator(operator))).toBe(text(expected));
  });
});
