import { expect, test } from "vitest";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { subInt8 } from "./add.int8.ts";

function fact(scale: number, zeroPoint: number): Quant {
  return { kind: "affine", scale: [Math.fround(scale)], zeroPoint: [zeroPoint], axis: null };
}

function one(stored: number, quant: Quant): QTensor {
  return { tensor: { dtype: "int8", shape: [1], data: Int8Array.of(stored) }, quant };
}

test("an int8 difference has factors in double, as both TensorFlow Lite and TensorFlow Lite Micro compute it", () => {
  // The real result is 29.4999993: factors in float32 give 29, and the reference kernels 30.
  const [y] = subInt8([one(-73, fact(0.05, 3)), one(-104, fact(0.07, -9))], [fact(0.1, 1)], {});
  expect(y?.data[0]).toBe(30);
});
