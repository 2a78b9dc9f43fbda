import { expect, test } from "vitest";
import type { Quant } from "../quant.ts";
import { reluInt8 } from "./activation.int8.ts";

function fact(scale: number, zeroPoint: number): Quant {
  return { kind: "affine", scale: [Math.fround(scale)], zeroPoint: [zeroPoint], axis: null };
}

test("an int8 Relu has its factor in double, as TensorFlow Lite Micro computes it", () => {
  // float32(0.1) is a little above 0.1: in double 0.25 / 0.1 is below 2.5, in float32 it is 2.5, which would round up to 93.
  const x = { tensor: { dtype: "int8", shape: [1], data: Int8Array.of(49) }, quant: fact(0.25, 48) } as const;
  expect(reluInt8([x], [fact(0.1, 90)])[0]?.data[0]).toBe(92);
});
