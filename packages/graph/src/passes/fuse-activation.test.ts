import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { fuseActivation } from "./fuse-activation.ts";

describe("fuseActivation", () => {
  test("Relu, and Clip with constant limits, become a clamp of the node before; the inner interval is seen through the outer", () => {
    expect(rewritten(fuseActivation, `
      in x: float32[1, 1, 2, 2]
      w: float32[1, 1, 1, 1] = const [3]
      low: float32[] = const [-1]
      six: float32[] = const [6]
      c = Conv(x, w)
      r = Relu(c)
      y = Clip(r, low, six)
      out y
    `)).toBe(normalized(`
      in x: float32[1, 1, 2, 2]
      w: float32[1, 1, 1, 1] = const [3]
      y = Conv(x, w) clampMin=0 clampMax=6 as "c"
      out y
    `));
  });

  test("a Clip without a lower limit leaves it open", () => {
    expect(rewritten(fuseActivation, `
      in x: float32[2]
      in z: float32[2]
      six: float32[] = const [6]
      a = Add(x, z)
      y = Clip(a, _, six)
      out y
    `)).toBe(normalized(`
      in x: float32[2]
      in z: float32[2]
      y = Add(x, z) clampMax=6 as "a"
      out y
    `));
  });

  test.each([
    ["the result before is a graph output", "a = Add(x, z)\n y = Relu(a)\n out y, a"],
    ["the result before is read twice", "a = Add(x, z)\n y = Relu(a)\n v = Sigmoid(a)\n out y, v"],
    ["the op before cannot clamp", "a = Concat(x, z) axis=0\n y = Relu(a)\n out y"],
    ["the limit is computed", "l = Sigmoid(t)\n a = Add(x, z)\n y = Clip(a, l)\n out y"],
    ["the limits are crossed", "lo: float32[] = const [2]\n hi: float32[] = const [1]\n a = Add(x, z)\n y = Clip(a, lo, hi)\n out y"],
  ])("does not apply when %s", (_why, body) => {
    const text = `in x: float32[2]\n in z: float32[2]\n in t: float32[]\n ${body}`;
    expect(rewritten(fuseActivation, text)).toBe(normalized(text));
  });

  test("quantized values fuse only with equal facts", () => {
    const relu = (scale: number): string => `
      in x: int8[2] scale=0.5 zero=1
      in z: int8[2] scale=0.5 zero=1
      a: int8[2] scale=0.25 zero=-4 = Add(x, z)
      y: int8[2] scale=${scale} zero=-4 = Relu(a)
      out y
    `;
    expect(rewritten(fuseActivation, relu(0.125))).toBe(normalized(relu(0.125)));
    expect(rewritten(fuseActivation, relu(0.25))).toBe(normalized(`
      in x: int8[2] scale=0.5 zero=1
      in z: int8[2] scale=0.5 zero=1
      y: int8[2] scale=0.25 zero=-4 = Add(x, z) clampMin=0 as "a"
      out y
    `));
  });
});
