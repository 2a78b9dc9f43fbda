import type { Node, OpName } from "@edgewise/graph";
import type { Builder, Refusal } from "./builder.ts";
import { lowerConv } from "./conv.ts";
import { lowerConvTranspose } from "./conv-transpose.ts";
import { lowerUnary } from "./elementwise.ts";
import { lowerGemm, lowerMatMul } from "./matmul.ts";
import { lowerMean } from "./mean.ts";
import { lowerAlias, lowerConcat, lowerSlice, lowerSplit, lowerTranspose } from "./moves.ts";
import { lowerPad } from "./pad.ts";
import { lowerAdd, lowerExtremum, lowerMul, lowerPRelu } from "./pair.ts";
import { lowerPool } from "./pool.ts";
import { lowerResize } from "./resize.ts";
import { lowerSoftmax } from "./softmax.ts";

/** How one op becomes layers, and the sentence that says so. */
export interface LoweringRule {
  readonly rule: string;
  lower(node: Node, build: Builder): Refusal | null;
}

const table: LoweringRule = { rule: "A table of 256 answers.", lower: lowerUnary };
const alias: LoweringRule = { rule: "Another name for the same bytes.", lower: lowerAlias };
const pool: LoweringRule = { rule: "int8 pooling kernel.", lower: lowerPool };
const meanRule: LoweringRule = { rule: "int8 mean kernel.", lower: lowerMean };
const sum: LoweringRule = { rule: "int8 sum kernel.", lower: lowerAdd };
const extremum: LoweringRule = { rule: "int8 comparison kernel.", lower: lowerExtremum };

/** Every op with an int8 form here. An op that is missing has none. */
export const loweringRules: Readonly<Partial<Record<OpName, LoweringRule>>> = {
  Conv: { rule: "int8 convolution kernel, per-channel weights.", lower: lowerConv },
  ConvTranspose: { rule: "int8 transposed convolution kernel, per-channel weights.", lower: lowerConvTranspose },
  Gemm: { rule: "int8 dense kernel.", lower: lowerGemm },
  MatMul: { rule: "int8 dense kernel.", lower: lowerMatMul },
  Add: sum,
  Sub: sum,
  Mul: { rule: "int8 product kernel.", lower: lowerMul },
  Min: extremum,
  Max: extremum,
  Relu: table,
  LeakyRelu: table,
  Elu: table,
  PRelu: { rule: "int8 rectifier with slopes.", lower: lowerPRelu },
  Clip: table,
  Sigmoid: table,
  HardSwish: table,
  Tanh: table,
  Softmax: { rule: "int8 softmax kernel.", lower: lowerSoftmax },
  MaxPool: pool,
  AveragePool: pool,
  GlobalMaxPool: pool,
  GlobalAveragePool: meanRule,
  ReduceMean: meanRule,
  Resize: { rule: "int8 resize kernel, by the nearest element or linear.", lower: lowerResize },
  Reshape: alias,
  Flatten: alias,
  Squeeze: alias,
  Unsqueeze: alias,
  Identity: alias,
  Transpose: { rule: "Another name for the same bytes, or a strided copy.", lower: lowerTranspose },
  Concat: { rule: "Strided copies.", lower: lowerConcat },
  Split: { rule: "Strided copies.", lower: lowerSplit },
  Slice: { rule: "Strided copy.", lower: lowerSlice },
  Pad: { rule: "Fill and strided copies.", lower: lowerPad },
};
