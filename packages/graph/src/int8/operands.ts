import { OpError, type QTensor } from "../op.ts";
import { type Quant, sameQuant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/** The int8 numbers of a data operand; refuses a missing operand and every other element type. */
export function int8Data(operand: QTensor | null | undefined, name: string): Int8Array {
  const data = operandOf(operand, name).tensor.data;
  if (!(data instanceof Int8Array)) throw new OpError("OP_DTYPE", `int8 arithmetic needs int8 ${name}, found ${operand?.tensor.dtype}`);
  return data;
}

/** An operand that must be there. */
export function operandOf(operand: QTensor | null | undefined, name: string): QTensor {
  if (!operand) throw new OpError("OP_INPUT", `input ${name} is missing`);
  return operand;
}

/** The int32 bias of `channels` sums, or zeros when the input is left out. */
export function biasData(operand: QTensor | null | undefined, channels: number): Int32Array {
  if (!operand) return new Int32Array(channels);
  const data = operand.tensor.data;
  if (!(data instanceof Int32Array)) throw new OpError("OP_DTYPE", `int8 arithmetic needs an int32 bias, found ${operand.tensor.dtype}`);
  if (data.length === channels) return data;
  if (data.length === 1) return new Int32Array(channels).fill(data[0] ?? 0);
  throw new OpError("OP_SHAPE", `a bias of ${data.length} numbers for ${channels} channels`);
}

/** The fact of the only result. */
export function outputQuant(outputs: readonly Quant[]): Quant {
  const quant = outputs[0];
  if (!quant) throw new OpError("OP_QUANT", "the result has no quantization fact");
  return quant;
}

/** Refuses facts that differ, for ops that move or compare stored numbers without rescaling them. */
export function requireSameQuant(input: Quant, output: Quant): void {
  if (sameQuant(input, output)) return;
  throw new OpError("OP_QUANT", `input and output need one scale and zero point, found ${describe(input)} and ${describe(output)}`);
}

/** Refuses a result whose scale and zero point are not the ones the op always has. */
export function requireQuant(found: Quant, scale: number, zeroPoint: number): void {
  if (found.scale.length === 1 && found.scale[0] === scale && found.zeroPoint[0] === zeroPoint) return;
  throw new OpError("OP_QUANT", `the result needs scale ${scale} and zero point ${zeroPoint}, found ${describe(found)}`);
}

function describe(quant: Quant): string {
  return `scale ${quant.scale[0]}, zero point ${quant.zeroPoint[0]}`;
}

export function int8Tensor(shape: readonly number[], data: Int8Array): Tensor {
  return { dtype: "int8", shape, data };
}
