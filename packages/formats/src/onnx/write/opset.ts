import type { DType } from "@edgewise/graph";
import type { FileNode } from "./node.ts";

/** Floor: the operator set of per-channel quantization, which every current runtime reads. */
export const LOWEST_OPSET = 13;

/** The newest operator set whose forms we know. */
export const NEWEST_OPSET = 26;

/** Lowest operator set, from 13, that expresses every node. Source: the version histories on onnx.ai/onnx/operators */
export function opsetFor(nodes: readonly FileNode[]): number {
  return nodes.reduce((opset, node) => Math.max(opset, formOpset(node), ...node.dtypes.map((dtype) => typeOpset(node.opType, dtype))), LOWEST_OPSET);
}

/** The set in which the op, or this form of it, first exists. */
function formOpset(node: FileNode): number {
  const has = (name: string): boolean => node.attrs[name] !== undefined;
  switch (node.opType) {
    case "HardSwish": case "BatchNormalization": return node.opType === "HardSwish" || has("training_mode") ? 14 : LOWEST_OPSET;
    case "Reshape": return has("allowzero") ? 14 : LOWEST_OPSET;
    case "Shape": return has("start") || has("end") ? 15 : LOWEST_OPSET;
    case "ReduceMean": return node.inputs.length > 1 || has("noop_with_empty_axes") ? 18 : LOWEST_OPSET;
    case "Pad": return node.attrs["mode"] === "wrap" ? 19 : node.inputs.length > 3 ? 18 : LOWEST_OPSET;
    case "Split": return has("num_outputs") ? 18 : LOWEST_OPSET;
    case "Resize":
      return node.attrs["coordinate_transformation_mode"] === "half_pixel_symmetric" ? 19 : has("axes") || has("keep_aspect_ratio_policy") ? 18 : LOWEST_OPSET;
    case "AveragePool": return has("dilations") ? 19 : LOWEST_OPSET;
    case "Cast": return has("round_mode") ? 24 : has("saturate") ? 19 : LOWEST_OPSET;
    case "QuantizeLinear": case "DequantizeLinear":
      return has("precision") ? 23 : has("block_size") || has("output_dtype") ? 21 : has("saturate") ? 19 : LOWEST_OPSET;
    default: return LOWEST_OPSET;
  }
}

/** Ops that took 8- and 16-bit integers in set 14; the others took all numbers before. */
const laterIntegers: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "Relu"]);

/** The set in which the op takes the element type. */
function typeOpset(opType: string, dtype: DType): number {
  const quantizes = opType === "QuantizeLinear" || opType === "DequantizeLinear";
  switch (dtype) {
    case "float8e4m3fn": case "float8e4m3fnuz": case "float8e5m2": case "float8e5m2fnuz": return 19;
    case "int4": case "uint4": return 21;
    case "float4e2m1": return 23;
    case "float8e8m0": return 24;
    case "int2": case "uint2": return 25;
    case "bfloat16": return 22; // by then every op that takes it at all does
    case "float16": return quantizes ? 19 : LOWEST_OPSET;
    case "int16": case "uint16": return quantizes ? 21 : laterIntegers.has(opType) ? 14 : LOWEST_OPSET;
    case "int8": case "uint8": return laterIntegers.has(opType) ? 14 : LOWEST_OPSET;
    case "int32": case "int64": return opType === "Relu" ? 14 : LOWEST_OPSET;
    case "float64": case "float32": case "uint32": case "uint64": case "bool": return LOWEST_OPSET;
    default: return dtype satisfies never;
  }
}

/** IR version that was current when the operator set came out: github.com/onnx/onnx/blob/main/docs/Versioning.md */
export function irVersionFor(opset: number): number {
  if (opset <= 14) return 7;
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  if (opset <= 22) return 10;
  return opset === 23 ? 11 : opset === 24 ? 12 : 13;
}
