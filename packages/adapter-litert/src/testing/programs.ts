import type { ProgramOperator, ProgramTensor, TensorType, TfliteProgram } from "@edgewise/formats/tflite";

export interface TensorSpec {
  readonly type?: TensorType;
  readonly shape: readonly number[];
  readonly scale?: readonly number[];
  readonly axis?: number;
  /** Numbers of an INT32 constant, or "weights" for bytes of the right length. */
  readonly data?: readonly number[] | "weights";
}

export interface OperatorSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly options?: ProgramOperator["options"];
}

const bytesOf: Readonly<Record<TensorType, number>> = { FLOAT32: 4, FLOAT16: 2, INT32: 4, UINT8: 1, INT64: 8, BOOL: 1, INT16: 2, INT8: 1 };

/** A program from named tensors; "" stands for an input that is left out. */
export function programOf(tensors: Readonly<Record<string, TensorSpec>>, operators: readonly OperatorSpec[]): TfliteProgram {
  const names = Object.keys(tensors);
  const produced = new Set(operators.flatMap(({ outputs }) => outputs));
  const read = new Set(operators.flatMap(({ inputs }) => inputs));
  const index = (name: string): number => names.indexOf(name);
  return {
    name: "test",
    tensors: Object.entries(tensors).map(([name, spec]) => tensorOf(name, spec)),
    operators: operators.map(({ op, inputs, outputs, options = {} }, i) => ({ op, version: 1, inputs: inputs.map(index), outputs: outputs.map(index), options, origin: { file: "test", node: `node${i}` } })),
    inputs: names.filter((name) => tensors[name]?.data === undefined && !produced.has(name)).map(index),
    outputs: [...produced].filter((name) => !read.has(name)).map(index),
  };
}

function tensorOf(name: string, { type = "FLOAT32", shape, scale, axis, data }: TensorSpec): ProgramTensor {
  const elements = shape.reduce((product, dim) => product * dim, 1);
  const bytes = data === undefined ? null : data === "weights" ? new Uint8Array(elements * bytesOf[type]) : new Uint8Array(Int32Array.from(data).buffer);
  return { name, type, shape, data: bytes, quant: scale === undefined ? null : { kind: "affine", scale, zeroPoint: scale.map(() => 0), axis: axis ?? null } };
}
