import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { foldScale } from "./fold-scale.ts";

describe("foldScale", () => {
  test("Mul, Div, Sub and Add per channel after a Conv go into its weights and bias", () => {
    expect(rewritten(foldScale, `
      in x: float32[1, 1, 2, 2]
      w: float32[2, 1, 1, 1] = const [1, 2]
      m: float32[2, 1, 1] = const [3, 5]
      d: float32[] = const [2]
      s: float32[1, 2, 1, 1] = const [1, 10]
      c = Conv(x, w)
      c1 = Mul(m, c)
      c2 = Div(c1, d)
      y = Sub(s, c2)
      out y
    `)).toBe(normalized(`
      in x: float32[1, 1, 2, 2]
      c2.weight: float32[2, 1, 1, 1] = const [-1.5, -5]
      c2.bias: float32[2] = const [1, 10]
      y = Conv(x, c2.weight, c2.bias) as "c"
      out y
    `));
  });

  test("Mul and Add before a Gemm go into its columns and bias", () => {
    expect(rewritten(foldScale, `
      in x: float32[1, 2]
      m: float32[2] = const [2, 3]
      a: float32[2] = const [1, -1]
      w: float32[1, 2] = const [10, 100]
      b: float32[1] = const [7]
      n = Mul(x, m)
      o = Add(n, a)
      y = Gemm(o, w, b) transB=1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2]
      y.weight: float32[1, 2] = const [20, 300]
      y.bias: float32[1] = const [-83]
      y = Gemm(x, y.weight, y.bias) transB=1
      out y
    `));
  });

  test("a scale before a ConvTranspose goes to the weights of its input channel; an offset stays, since borders get fewer taps", () => {
    const text = (op: "Mul" | "Add") => `
      in x: float32[1, 2, 2, 2]
      m: float32[2, 1, 1] = const [3, 5]
      w: float32[2, 1, 1, 1] = const [1, 10]
      n = ${op}(m, x)
      y = ConvTranspose(n, w) kernel_shape=[1, 1] strides=[2, 2]
      out y
    `;
    expect(rewritten(foldScale, text("Mul"))).toBe(normalized(`
      in x: float32[1, 2, 2, 2]
      y.weight: float32[2, 1, 1, 1] = const [3, 50]
      y.bias: float32[1] = const [0]
      y = ConvTranspose(x, y.weight, y.bias) kernel_shape=[1, 1] strides=[2, 2]
      out y
    `));
    expect(rewritten(foldScale, text("Add"))).toBe(normalized(text("Add")));
  });

  test("a scale before a depthwise Conv finds each channel's own weights, padded or not", () => {
    expect(rewritten(foldScale, `
      in x: float32[1, 2, 2, 2]
      m: float32[2, 1, 1] = const [3, 5]
      w: float32[2, 1, 1, 1] = const [1, 10]
      n = Mul(m, x)
      y = Conv(n, w) group=2 kernel_shape=[1, 1] pads=[1, 1, 1, 1]
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2, 2, 2]
      y.weight: float32[2, 1, 1, 1] = const [3, 50]
      y.bias: float32[2] = const [0, 0]
      y = Conv(x, y.weight, y.bias) group=2 kernel_shape=[1, 1] pads=[1, 1, 1, 1]
      out y
    `));
  });

  test.each([
    ["an offset goes before a padded Conv, whose padding adds zeros after it", "a: float32[] = const [1]\n n = Add(x, a)\n y = Conv(n, w) kernel_shape=[1, 1] pads=[1, 1, 1, 1]\n out y"],
    ["the constant varies along the width", "a: float32[2] = const [1, 2]\n c = Conv(x, w)\n y = Mul(c, a)\n out y"],
    ["the constant makes the result larger", "a: float32[3, 1, 1, 1] = const [1, 1, 1]\n c = Conv(x, w)\n y = Mul(c, a)\n out y"],
    ["the Conv is clamped", "a: float32[] = const [2]\n c = Conv(x, w) clampMin=0\n y = Mul(c, a)\n out y"],
    ["a constant is divided", "a: float32[] = const [2]\n c = Conv(x, w)\n y = Div(a, c)\n out y"],
    ["both operands are computed", "c = Conv(x, w)\n y = Mul(c, x)\n out y"],
  ])("does not apply when %s", (_why, body) => {
    const text = `in x: float32[1, 1, 2, 2]\n w: float32[1, 1, 1, 1] = const [2]\n ${body}`;
    expect(rewritten(foldScale, text)).toBe(normalized(text));
  });
});
