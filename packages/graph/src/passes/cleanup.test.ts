import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { dropDead } from "./drop-dead.ts";
import { dropIdentity } from "./drop-identity.ts";
import { foldConstants } from "./fold-constants.ts";
import { foldReshapeChain } from "./fold-reshape-chain.ts";

describe("dropDead", () => {
  test("removes what no output depends on, and keeps every input", () => {
    expect(rewritten(dropDead, `
      in x: float32[2]
      in unread: float32[2]
      k: float32[2] = const [1, 2]
      a = Relu(x)
      b = Add(a, k)
      out a
    `)).toBe(normalized("in x: float32[2]\nin unread: float32[2]\na = Relu(x)\nout a"));
  });
});

describe("dropIdentity", () => {
  test("readers of a node that changes nothing read its input", () => {
    expect(rewritten(dropIdentity, `
      in x: float32[1, 2, 3]
      s: int64[3] = const [1, 2, -1]
      p: int64[6] = const [0, 0, 0, 0, 0, 0]
      a = Identity(x)
      b = Reshape(a, s)
      c = Pad(b, p)
      d = Transpose(c) perm=[0, 1, 2]
      e = Concat(d) axis=1
      y = Relu(e)
      out y
    `)).toBe(normalized("in x: float32[1, 2, 3]\ny = Relu(x)\nout y"));
  });

  test("an output keeps its name: the node before takes it over", () => {
    expect(rewritten(dropIdentity, "in x: float32[2]\na = Relu(x)\nb = Sigmoid(a)\ny = Identity(a)\nout y, b")).toBe(
      normalized("in x: float32[2]\ny = Relu(x) as \"a\"\nb = Sigmoid(y)\nout y, b"),
    );
  });

  test.each([
    ["it connects an input to an output", "in x: float32[2]\ny = Identity(x)\nout y"],
    ["both its input and its result are outputs", "in x: float32[2]\na = Relu(x)\ny = Identity(a)\nout y, a"],
    ["the type changes", "in x: float32[2]\na: int32[2] = Cast(x) to=\"int32\"\ny = Mul(a, a)\nout y"],
    ["integers get another scale", "in x: int8[2] scale=1\na: int8[2] scale=2 = Quantize(x)\ny = Dequantize(a)\nout y"],
  ])("stays when %s", (_why, text) => {
    expect(rewritten(dropIdentity, text)).toBe(normalized(text));
  });
});

describe("foldConstants", () => {
  test("computes what depends on constants, and takes over the shapes that the rules know", () => {
    expect(rewritten(foldConstants, `
      in x: float32[2, 3]
      k: float32[2] = const [-1, 4]
      r = Relu(k)
      s = Shape(x)
      y = Reshape(x, s)
      z = Mul(r, r)
      out y, z
    `)).toBe(normalized(`
      in x: float32[2, 3]
      s: int64[2] = const [2, 3]
      y = Reshape(x, s)
      z: float32[2] = const [0, 16]
      out y, z
    `));
  });

  test("leaves a result that is larger than its inputs and than the budget", () => {
    const text = "k: float32[256, 1] = const seed 1\nl: float32[1, 256] = const seed 2\ny = Add(k, l)\nout y";
    expect(rewritten(foldConstants, text)).toBe(normalized(text));
  });

  test("leaves DequantizeLinear, whose scale is a fact to come", () => {
    const text = "k: int8[2] = const [1, 2]\ns: float32[] = const [0.5]\ny = DequantizeLinear(k, s)\nout y";
    expect(rewritten(foldConstants, text)).toBe(normalized(text));
  });
});

describe("foldReshapeChain", () => {
  test("several in a row become one", () => {
    expect(rewritten(foldReshapeChain, `
      in x: float32[N, 2, 3, 1]
      to: int64[3] = const [-1, 3, 2]
      axis: int64[1] = const [3]
      a = Reshape(x, to)
      y = Unsqueeze(a, axis)
      out y
    `)).toBe(normalized(`
      in x: float32[N, 2, 3, 1]
      y.shape: int64[4] = const [-1, 3, 2, 1]
      y = Reshape(x, y.shape)
      out y
    `));
  });

  test("before a Flatten that keeps the batch only the Flatten stays, which fixes no resolution", () => {
    expect(rewritten(foldReshapeChain, "in x: float32[2, 5, 1, 1]\naxes: int64[2] = const [2, 3]\na = Squeeze(x, axes)\ny = Flatten(a)\nout y")).toBe(
      normalized("in x: float32[2, 5, 1, 1]\ny = Flatten(x)\nout y"),
    );
  });
});
