import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { reorderDense } from "./reorder-dense.ts";

describe("reorderDense", () => {
  test("gives the weights the order that the elements have before the transpose", () => {
    expect(rewritten(reorderDense, `
      in x: int8[1, 2, 1, 3] scale=0.5
      r: int8[1, 2, 1, 3] scale=0.5 = Relu(x)
      t: int8[1, 1, 3, 2] scale=0.5 = Transpose(r) perm=[0, 2, 3, 1]
      s: int64[2] = const [1, 6]
      a: int8[1, 6] scale=0.5 = Reshape(t, s)
      w: int8[2, 6] scale=[0.25, 0.5] axis=0 = const [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
      y: int8[1, 2] scale=1 = Gemm(a, w) transB=1
      out y
    `)).toBe(normalized(`
      in x: int8[1, 2, 1, 3] scale=0.5
      r: int8[1, 2, 1, 3] scale=0.5 = Relu(x)
      a.unordered.shape: int64[2] = const [-1, 6]
      a.unordered: int8[1, 6] scale=0.5 = Reshape(r, a.unordered.shape) as "t"
      w.reordered: int8[2, 6] scale=[0.25, 0.5] axis=0 = const [1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12]
      y: int8[1, 2] scale=1 = Gemm(a.unordered, w.reordered) transB=1
      out y
    `));
  });

  test("follows transposes and reshapes in a row, open batches included; two that cancel leave the weights alone", () => {
    expect(rewritten(reorderDense, `
      in x: float32[N, 2, 1, 3]
      r = Relu(x)
      t = Transpose(r) perm=[0, 2, 3, 1]
      one: int64[1] = const [1]
      q = Squeeze(t, one)
      u = Transpose(q) perm=[0, 2, 1]
      a = Flatten(u) axis=1
      w: float32[6, 1] = const [1, 2, 3, 4, 5, 6]
      y = Gemm(a, w)
      out y
    `)).toBe(normalized(`
      in x: float32[N, 2, 1, 3]
      r = Relu(x)
      a.unordered.shape: int64[2] = const [-1, 6]
      a.unordered = Reshape(r, a.unordered.shape) as "t"
      w: float32[6, 1] = const [1, 2, 3, 4, 5, 6]
      y = Gemm(a.unordered, w)
      out y
    `));
  });

  test.each([
    ["a transposed value that is read elsewhere", "t = Transpose(r) perm=[0, 2, 1]\n a = Flatten(t) axis=1\n z = Relu(t)\n y = Gemm(a, w)\n out y, z"],
    ["rows that are moved", "t = Transpose(r) perm=[2, 1, 0]\n a = Flatten(t) axis=1\n y = Gemm(a, w)\n out y"],
    ["computed weights", "t = Transpose(r) perm=[0, 2, 1]\n a = Flatten(t) axis=1\n v = Relu(w)\n y = Gemm(a, v)\n out y"],
  ])("does not apply to %s", (_, rest) => {
    const text = `in x: float32[2, 2, 2]\n r = Relu(x)\n w: float32[4, 1] = const [1, 2, 3, 4]\n ${rest}`;
    expect(rewritten(reorderDense, text)).toBe(normalized(text));
  });
});
