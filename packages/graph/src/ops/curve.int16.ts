import { type Int16Evaluator, mapInt16 } from "../int16/stored.ts";
import { perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant, requireQuant } from "../int8/operands.ts";

/**
 * sigmoid(i / 24) in 16 bits of fraction, for i from 0 to 255; raised by half of what a straight line to the next entry lacks
 * in its middle (σ″ / 24² / 16), so that lines err as much above as below. The last entry is the largest number.
 */
const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, i) => {
  const y = 1 / (1 + Math.exp(-i / 24));
  const bend = y * (1 - y) * (1 - 2 * y);
  return i === 255 ? 65535 : Math.round(65536 * (y - bend / (24 * 24 * 16)));
});

/**
 * int16 Sigmoid and Tanh from one table, read between its entries: tanh(x) = 2 sigmoid(2x) − 1.
 *
 *   d = x in steps of 1 / 12288: (x · m + half) >> n, of m = trunc(xScale · 12288 · 2^n), the largest n with m below 2^15;
 *   for an xScale of 2^−12, and of Tanh 2^−11, exactly: d = 3x, 6x
 *   Sigmoid: |d| in steps of 512, 23 bits between entries, rounded to 15; Tanh: |d| in steps of 256
 *
 * x int16 → y int16 of scale 2^−15. Source: TFLite kernels/internal/reference/integer_ops/{logistic,tanh}.h,
 * kernels/activations.cc; the table is stated in kernels/internal/common.h.
 */
export const sigmoidInt16: Int16Evaluator = curve([2 ** -12], (d) => {
  const size = Math.abs(d);
  const at = size >>> 9;
  const high = at >= 255 ? 0x7fff * 1024 : between(at, size & 0x1ff, 512);
  return (d >= 0 ? high + 512 : 2 ** 25 - high + 511) >> 10;
});

export const tanhInt16: Int16Evaluator = curve([2 ** -12, 2 ** -11], (d) => {
  const size = Math.abs(d);
  const at = size >>> 8;
  const high = at >= 255 ? 0xffff * 256 : between(at, size & 0xff, 256);
  return (d >= 0 ? high - 2 ** 23 + 128 : -high + 2 ** 23 + 127) >> 8;
});

function between(at: number, part: number, parts: number): number {
  const [here, next] = [table[at] ?? 0, table[at + 1] ?? 0];
  return here * parts + part * (next - here);
}

function curve(plain: readonly number[], answer: (d: number) => number): Int16Evaluator {
  return (inputs, outputs) => {
    requireQuant(outputQuant(outputs), 2 ** -15, 0);
    const { scale } = perTensor(operandOf(inputs[0], "X").quant);
    const step = plain.includes(scale) ? (stored: number) => stored * scale * 12288 : stepsOf(scale);
    return [mapInt16(inputs[0], (stored) => answer(step(stored)))];
  };
}

function stepsOf(scale: number): (stored: number) => number {
  let real = scale * 12288;
  let bits = 0;
  for (; real <= 32767 / 2 && bits <= 30; bits++) real *= 2;
  const factor = (Math.trunc(real) << 16) >> 16;
  const half = bits > 0 ? 2 ** (bits - 1) : 0;
  return (stored) => (stored * factor + half) >> bits;
}
