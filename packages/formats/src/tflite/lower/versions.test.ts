import type { Quant } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import type { ProgramTensor, TensorType } from "../program.ts";
import { versionOf } from "./versions.ts";

const affine = (axis: number | null, scale = 0.5): Quant => ({ kind: "affine", axis, scale: axis === null ? [scale] : [scale, scale], zeroPoint: axis === null ? [0] : [0, 0] });
const tensor = (type: TensorType, shape: readonly number[] = [1, 4, 4, 8], quant: Quant | null = null): ProgramTensor => ({ name: "t", type, shape, quant, data: null });
const float = tensor("FLOAT32");
const int8 = tensor("INT8", [1, 4, 4, 8], affine(null));
const weights = (type: TensorType, depth = 8, axis: number | null = null): ProgramTensor => tensor(type, [2, 3, 3, depth], type === "INT8" ? affine(axis) : null);

/** Versions that the published history gives to uses of each operator. */
const uses: readonly (readonly [string, string, readonly (ProgramTensor | null)[], ProgramTensor, Readonly<Record<string, number | string>>, number])[] = [
  ["a float convolution", "CONV_2D", [float, weights("FLOAT32")], float, {}, 1],
  ["a convolution on int8 weights alone", "CONV_2D", [float, weights("INT8")], float, {}, 2],
  ["an int8 convolution", "CONV_2D", [int8, weights("INT8")], int8, {}, 3],
  ["a convolution on int8 weights with a scale a channel", "CONV_2D", [float, weights("INT8", 8, 0)], float, {}, 5],
  ["a convolution in groups", "CONV_2D", [float, weights("FLOAT32", 4)], float, {}, 6],
  ["a dilated depthwise convolution", "DEPTHWISE_CONV_2D", [float, weights("FLOAT32")], float, { dilation_w_factor: 2 }, 2],
  ["an int8 depthwise convolution", "DEPTHWISE_CONV_2D", [int8, weights("INT8")], int8, {}, 3],
  ["a transposed convolution with a bias", "TRANSPOSE_CONV", [tensor("INT32", [4]), weights("FLOAT32"), float, float], float, { fused_activation_function: "NONE" }, 3],
  ["a transposed convolution with an activation", "TRANSPOSE_CONV", [tensor("INT32", [4]), weights("FLOAT32"), float, float], float, { fused_activation_function: "RELU" }, 4],
  ["a dense layer without a bias", "FULLY_CONNECTED", [float, float, null], float, {}, 6],
  ["a dense layer that keeps its dims", "FULLY_CONNECTED", [float, float, float], float, { keep_num_dims: 1 }, 5],
  ["an int8 dense layer", "FULLY_CONNECTED", [int8, int8, tensor("INT32", [8])], int8, {}, 4],
  ["an int8 product that grows", "MUL", [int8, int8], tensor("INT8", [1], affine(null, 0.1)), {}, 3],
  ["an int8 product", "MUL", [int8, int8], tensor("INT8", [1], affine(null, 0.3)), {}, 2],
  ["a transpose of five axes", "TRANSPOSE", [tensor("FLOAT32", [1, 2, 3, 4, 5])], float, {}, 4],
  ["a resize about pixel centers", "RESIZE_BILINEAR", [int8], int8, { half_pixel_centers: 1 }, 3],
  ["float16 weights unpacked", "DEQUANTIZE", [tensor("FLOAT16")], float, {}, 3],
  ["a type to another", "CAST", [int8], float, {}, 3],
  ["a reshape", "RESHAPE", [int8], int8, {}, 1],
];

describe("the version of an operator", () => {
  it.each(uses)("of %s", (_, op, inputs, output, options, version) => {
    expect(versionOf(op, { inputs, outputs: [output], options })).toBe(version);
  });
});
