import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { lowerBatchNorm } from "./lower-batch-norm.ts";
import { matmulToGemm } from "./matmul-to-gemm.ts";
import { mergePad } from "./merge-pad.ts";

const image = `
  in x: float32[1, 1, 4, 4]
  w: float32[1, 1, 3, 3] = const seed 1
  pads: int64[8] = const [0, 0, 0, 1, 0, 0, 1, 2]
  around: int64[8] = const [0, 0, 1, 1, 0, 0, 1, 1]
  batch: int64[8] = const [1, 0, 0, 0, 0, 0, 0, 0]
  one: float32[] = const [1]
`;

describe("mergePad", () => {
  test("adds the zeros to a Conv's own padding", () => {
    expect(rewritten(mergePad, `${image} p = Pad(x, pads)\n y = Conv(p, w) pads=[1, 1, 1, 1]\n out y`)).toBe(
      normalized(`in x: float32[1, 1, 4, 4]\n w: float32[1, 1, 3, 3] = const seed 1\n y = Conv(x, w) pads=[1, 2, 2, 3]\n out y`),
    );
  });

  test("a MaxPool takes them over values from zero up", () => {
    expect(rewritten(mergePad, `${image} r = Relu(x)\n p = Pad(r, around)\n y = MaxPool(p) kernel_shape=[3, 3]\n out y`)).toBe(
      normalized("in x: float32[1, 1, 4, 4]\n r = Relu(x)\n y = MaxPool(r) kernel_shape=[3, 3] pads=[1, 1, 1, 1]\n out y"),
    );
  });

  test.each([
    ["a MaxPool may see values below zero", "p = Pad(x, around)\n y = MaxPool(p) kernel_shape=[3, 3]\n out y"],
    ["an AveragePool would not count it", "p = Pad(x, around)\n y = AveragePool(p) kernel_shape=[3, 3]\n out y"],
    ["the padding is not zero", "p = Pad(x, around, one)\n y = Conv(p, w)\n out y"],
    ["the batch is padded", "p = Pad(x, batch)\n y = Conv(p, w)\n out y"],
    ["it mirrors", "p = Pad(x, around) mode=\"reflect\"\n y = Conv(p, w)\n out y"],
    ["the Conv pads by itself", "p = Pad(x, around)\n y = Conv(p, w) auto_pad=\"SAME_UPPER\"\n out y"],
    ["the padded value is read elsewhere", "p = Pad(x, around)\n y = Conv(p, w)\n out y, p"],
  ])("does not apply when %s", (_why, body) => {
    expect(rewritten(mergePad, `${image} ${body}`)).toContain("Pad(");
  });
});

describe("matmulToGemm", () => {
  test("MatMul of a matrix and a constant matrix becomes Gemm", () => {
    expect(rewritten(matmulToGemm, "in x: float32[N, 2]\n w: float32[2, 3] = const seed 1\n y = MatMul(x, w)\n out y")).toBe(
      normalized("in x: float32[N, 2]\n w: float32[2, 3] = const seed 1\n y = Gemm(x, w)\n out y"),
    );
  });

  test.each([
    ["beyond two dims", "in x: float32[1, 4, 2]\n w: float32[2, 3] = const seed 1\n y = MatMul(x, w)\n out y"],
    ["for two computed values", "in x: float32[4, 2]\n in w: float32[2, 3]\n y = MatMul(x, w)\n out y"],
  ])("not %s", (_what, text) => {
    expect(rewritten(matmulToGemm, text)).toBe(normalized(text));
  });
});

describe("lowerBatchNorm", () => {
  test("a batch normalisation of its own becomes Mul and Add per channel", () => {
    expect(rewritten(lowerBatchNorm, `
      in x: float32[1, 2, 3, 3]
      gamma: float32[2] = const [2, 6]
      beta: float32[2] = const [5, 0]
      mean: float32[2] = const [4, 1]
      variance: float32[2] = const [3, 8]
      y = BatchNormalization(x, gamma, beta, mean, variance) epsilon=1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2, 3, 3]
      y.scale: float32[2, 1, 1] = const [1, 2]
      y.scaled = Mul(x, y.scale) as "y"
      y.offset: float32[2, 1, 1] = const [1, -2]
      y = Add(y.scaled, y.offset)
      out y
    `));
  });
});
