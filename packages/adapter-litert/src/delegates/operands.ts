import type { ProgramOperator, ProgramTensor, TfliteProgram } from "@edgewise/formats/tflite";

/** The tensor at an input's position; null where it is left out. */
export function operandOf(program: TfliteProgram, { inputs }: ProgramOperator, position: number): ProgramTensor | null {
  return program.tensors[inputs[position] ?? -1] ?? null;
}

/** A constant of the file, or one that a DEQUANTIZE unpacks once. */
export function isStatic(program: TfliteProgram, tensor: ProgramTensor): boolean {
  if (tensor.data !== null) return true;
  const producer = program.operators.find(({ outputs }) => outputs.some((index) => program.tensors[index] === tensor));
  const source = producer?.op === "DEQUANTIZE" ? operandOf(program, producer, 0) : null;
  return source !== null && source.data !== null;
}

/** Integers of a constant input; null where it is computed or left out. */
export function dataOf(program: TfliteProgram, operator: ProgramOperator, position: number): readonly number[] | null {
  const tensor = operandOf(program, operator, position);
  return tensor === null ? null : numbersOf(tensor);
}

/** Integers of a constant, little-endian; null for what is computed, or no INT32 or INT64. */
export function numbersOf({ type, data }: ProgramTensor): readonly number[] | null {
  if (data === null || (type !== "INT32" && type !== "INT64")) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bytes = type === "INT32" ? 4 : 8;
  return Array.from({ length: Math.floor(data.byteLength / bytes) }, (_, i) => (type === "INT32" ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true))));
}

export function elementsOf({ shape }: ProgramTensor): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/**
 * Multiply-accumulates of an operator.
 *
 *   CONV_2D            outputs · kernel height · kernel width · channels of the kernel     filter [O, h, w, I]
 *   DEPTHWISE_CONV_2D  outputs · kernel height · kernel width                              filter [1, h, w, O]
 *   TRANSPOSE_CONV     inputs · kernel height · kernel width · output channels             filter [O, h, w, I]
 *   FULLY_CONNECTED    outputs · columns of the filter                                     filter [O, I]
 *   BATCH_MATMUL       outputs · the dim that both operands share
 *
 * 0 for every other operator: they add, compare or move.
 */
export function macsOf(program: TfliteProgram, operator: ProgramOperator): number {
  const output = program.tensors[operator.outputs[0] ?? -1];
  const filter = operandOf(program, operator, 1);
  if (output === undefined || filter === null) return 0;
  const [first = 1, height = 1, width = 1, channels = 1] = filter.shape;
  switch (operator.op) {
    case "CONV_2D": return elementsOf(output) * height * width * channels;
    case "DEPTHWISE_CONV_2D": return elementsOf(output) * height * width;
    case "TRANSPOSE_CONV": {
      const input = operandOf(program, operator, 2);
      return input === null ? 0 : elementsOf(input) * height * width * first;
    }
    case "FULLY_CONNECTED": return elementsOf(output) * (filter.shape.at(-1) ?? 1);
    case "BATCH_MATMUL": {
      const left = operandOf(program, operator, 0);
      return elementsOf(output) * (left?.shape.at(Number(operator.options["adj_x"] ?? 0) === 1 ? -2 : -1) ?? 1);
    }
    default: return 0;
  }
}
