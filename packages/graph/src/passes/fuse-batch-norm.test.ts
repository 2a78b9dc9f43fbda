import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { fuseBatchNorm } from "./fuse-batch-norm.ts";

describe("fuseBatchNorm", () => {
  test("scales the rows of the weights by gamma / sqrt(variance + epsilon) and maps the bias", () => {
    // Channel 0: s = 2 / sqrt(3 + 1) = 1, t = 5 - 4 * 1 = 1.  Channel 1: s = 6 / sqrt(8 + 1) = 2, t = 0 - 1 * 2 = -2.
    expect(rewritten(fuseBatchNorm, `
      in x: float32[1, 1, 2, 2]
      w: float32[2, 1, 1, 1] = const [3, 4]
      b: float32[2] = const [10, 20]
      gamma: float32[2] = const [2, 6]
      beta: float32[2] = const [5, 0]
      mean: float32[2] = const [4, 1]
      variance: float32[2] = const [3, 8]
      c = Conv(x, w, b)
      y = BatchNormalization(c, gamma, beta, mean, variance) epsilon=1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 1, 2, 2]
      c.weight: float32[2, 1, 1, 1] = const [3, 8]
      c.bias: float32[2] = const [11, 38]
      y = Conv(x, c.weight, c.bias) as "c"
      out y
    `));
  });

  test("takes a grouped ConvTranspose: the scale goes to each group's own outputs", () => {
    expect(rewritten(fuseBatchNorm, `
      in x: float32[1, 2, 2, 2]
      w: float32[2, 2, 1, 1] = const [1, 2, 3, 4]
      one: float32[4] = const [1, 1, 1, 1]
      zero: float32[4] = const [0, 0, 0, 0]
      gamma: float32[4] = const [1, 10, 100, 1000]
      c = ConvTranspose(x, w) group=2
      y = BatchNormalization(c, gamma, one, zero, zero) epsilon=1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2, 2, 2]
      c.weight: float32[2, 2, 1, 1] = const [1, 20, 300, 4000]
      c.bias: float32[4] = const [1, 1, 1, 1]
      y = ConvTranspose(x, c.weight, c.bias) group=2 as "c"
      out y
    `));
  });

  test("takes a Gemm with beta: the scale goes to its output columns, beta into the bias", () => {
    expect(rewritten(fuseBatchNorm, `
      in x: float32[1, 2]
      w: float32[2, 2] = const [1, 2, 3, 4]
      b: float32[2] = const [1, 1]
      gamma: float32[2] = const [1, 10]
      zero: float32[2] = const [0, 0]
      variance: float32[2] = const [0, 0]
      c = Gemm(x, w, b) beta=3
      y = BatchNormalization(c, gamma, zero, zero, variance) epsilon=1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2]
      c.weight: float32[2, 2] = const [1, 20, 3, 40]
      c.bias: float32[2] = const [3, 30]
      y = Gemm(x, c.weight, c.bias) as "c"
      out y
    `));
  });

  test.each([
    ["the convolution's result is read elsewhere", "c = Conv(x, w)", "out y, c"],
    ["the convolution's result is clamped", "c = Conv(x, w) clampMin=0", "out y"],
    ["a Pad stands between", "r = Conv(x, w)\n p: int64[8] = const [0, 0, 1, 1, 0, 0, 1, 1]\n c = Pad(r, p)", "out y"],
  ])("does not apply when %s", (_why, conv, outputs) => {
    const text = `
      in x: float32[1, 1, 2, 2]
      w: float32[1, 1, 1, 1] = const [3]
      one: float32[1] = const [1]
      ${conv}
      y = BatchNormalization(c, one, one, one, one)
      ${outputs}
    `;
    expect(rewritten(fuseBatchNorm, text)).toBe(normalized(text));
  });
});
