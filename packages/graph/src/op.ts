import type { DType } from "./dtype.ts";
import type { Attrs, Dim } from "./graph.ts";
import type { Quant } from "./quant.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The vocabulary: what CNN and MLP classifiers use. ONNX names with the newest opset's meaning. `Quantize` and
 * `Dequantize` are ours: their scales are the facts on the values they connect.
 */
export type OpName =
  | "Conv" | "ConvTranspose" | "Gemm" | "MatMul" | "BatchNormalization"
  | "Add" | "Sub" | "Mul" | "Div" | "Min" | "Max"
  | "Relu" | "LeakyRelu" | "PRelu" | "Elu" | "Clip" | "Sigmoid" | "HardSigmoid" | "HardSwish" | "Tanh"
  | "Softmax" | "LogSoftmax"
  | "MaxPool" | "AveragePool" | "GlobalAveragePool" | "GlobalMaxPool" | "ReduceMean" | "Resize"
  | "Reshape" | "Flatten" | "Transpose" | "Squeeze" | "Unsqueeze" | "Concat" | "Split" | "Slice" | "Pad"
  | "Gather" | "Shape" | "Identity" | "Cast"
  | "QuantizeLinear" | "DequantizeLinear" | "Quantize" | "Dequantize";

/** What is known of a value before running: type, shape, and small integer contents (shapes, axes, pads). */
export interface Fact {
  readonly dtype: DType;
  readonly shape: readonly Dim[] | null;
  /** Row-major contents when known and small; a name stands for a named dim, null for an unknown element. */
  readonly elements: readonly (Dim | null)[] | null;
  /** Contents of a small float32 constant (scales of a Resize); they do not travel through ops. */
  readonly reals?: readonly number[];
}

/** Work of one node for one inference. */
export interface Work {
  readonly macs: number;
  /** Element-wise or comparison operations that are not multiply-accumulates. */
  readonly elementOps: number;
}

/** A tensor and how its integers stand for reals. */
export interface QTensor {
  readonly tensor: Tensor;
  readonly quant: Quant;
}

/**
 * One op, one file: meaning, shape rule, work and evaluator stand together so that they cannot drift apart.
 *
 * `infer` and `evaluate` throw `OpError` for what a user's model does wrong; the caller attaches the node.
 */
export interface OpDef {
  readonly name: string;
  readonly summary: string;
  /** Public definition of the semantics. */
  readonly spec: string;
  /** Formal inputs; a trailing "?" is optional, a trailing "..." repeats. */
  readonly inputs: readonly string[];
  infer(inputs: readonly (Fact | null)[], attrs: Attrs, outputCount: number): readonly Fact[];
  work(inputs: readonly (Fact | null)[], outputs: readonly Fact[], attrs: Attrs): Work;
  /** Reference semantics in real arithmetic (accumulation in double, stored at the output's dtype). */
  evaluate(inputs: readonly (Tensor | null)[], attrs: Attrs, outputCount: number): readonly Tensor[];
  /**
   * int8 semantics, TFLite-Micro's reference fixed-point arithmetic, bit for bit. `outputs` are the quantization
   * facts of the results. Parameter inputs (shapes, axes, limits) have no fact: they come with scale 1, zero point 0,
   * which no evaluator reads. Absent: the op has no int8 form.
   */
  evaluateInt8?(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[];
}

/** A model asks an op for something it does not define: a user's mistake, found by an op. */
export class OpError extends Error {
  readonly code: "OP_SHAPE" | "OP_ATTRIBUTE" | "OP_DTYPE" | "OP_INPUT" | "OP_QUANT";
  constructor(code: OpError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
