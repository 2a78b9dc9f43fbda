import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { dropDead } from "./drop-dead.ts";
import type { Pass } from "./pass.ts";
import { sinkTransposes } from "./sink-transposes.ts";
import { mergeTransposes } from "./transposes.ts";

/** The transposes that lost their readers are of no interest here. */
const sinkAndDrop: Pass = { ...sinkTransposes, run: (graph) => dropDead.run(sinkTransposes.run(graph)) };

describe("mergeTransposes", () => {
  test("two in a row become one: y's axis i is x's axis p[q[i]]", () => {
    expect(rewritten(mergeTransposes, `
      in x: float32[2, 3, 4]
      t = Transpose(x) perm=[1, 2, 0]
      y = Transpose(t) perm=[0, 2, 1]
      v = Relu(t)
      out y, v
    `)).toBe(normalized(`
      in x: float32[2, 3, 4]
      t = Transpose(x) perm=[1, 2, 0]
      y = Transpose(x) perm=[1, 0, 2]
      v = Relu(t)
      out y, v
    `));
  });

  test("one that only moves dims of size 1 becomes a Reshape, open dims included", () => {
    expect(rewritten(mergeTransposes, `
      in x: float32[N, 5, 1, 1]
      r = Relu(x)
      y = Transpose(r) perm=[0, 2, 3, 1]
      out y
    `)).toBe(normalized(`
      in x: float32[N, 5, 1, 1]
      r = Relu(x)
      y.shape: int64[4] = const [-1, 1, 1, 5]
      y = Reshape(r, y.shape)
      out y
    `));
  });
});

describe("sinkTransposes", () => {
  test("moves below a Clip, an Add of a constant (turned the other way) and a Concat", () => {
    expect(rewritten(sinkAndDrop, `
      in x: float32[1, 2, 2, 1]
      c = Sigmoid(x)
      t = Transpose(c) perm=[0, 2, 3, 1]
      k: float32[1, 2] = const [5, 6]
      a = Add(t, k)
      u = Transpose(c) perm=[0, 2, 3, 1]
      y = Concat(a, u) axis=-1
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2, 2, 1]
      c = Sigmoid(x)
      k.transposed: float32[1, 2, 1, 1] = const [5, 6]
      a.untransposed = Add(c, k.transposed) as "a"
      y.untransposed = Concat(a.untransposed, c) axis=1 as "y"
      y = Transpose(y.untransposed) perm=[0, 2, 3, 1]
      out y
    `));
  });

  test("moves below a residual block, whose other reader is a transpose; integers and their constants, too", () => {
    expect(rewritten(sinkAndDrop, `
      in x: int8[1, 2, 2, 3] scale=0.5 zero=3
      c: int8[1, 2, 2, 3] scale=0.5 zero=3 = MaxPool(x) kernel_shape=[1, 1]
      t: int8[1, 2, 3, 2] scale=0.5 zero=3 = Transpose(c) perm=[0, 2, 3, 1]
      back: int8[1, 2, 2, 3] scale=0.5 zero=3 = Transpose(t) perm=[0, 3, 1, 2]
      k: int8[2] scale=0.25 = const [5, 6]
      y: int8[1, 2, 3, 2] scale=1 = Add(t, k)
      out back, y
    `)).toBe(normalized(`
      in x: int8[1, 2, 2, 3] scale=0.5 zero=3
      c: int8[1, 2, 2, 3] scale=0.5 zero=3 = MaxPool(x) kernel_shape=[1, 1]
      t: int8[1, 2, 3, 2] scale=0.5 zero=3 = Transpose(c) perm=[0, 2, 3, 1]
      back: int8[1, 2, 2, 3] scale=0.5 zero=3 = Transpose(t) perm=[0, 3, 1, 2]
      k.transposed: int8[1, 2, 1, 1] scale=0.25 = const [5, 6]
      y.untransposed: int8[1, 2, 2, 3] scale=1 = Add(c, k.transposed) as "y"
      y: int8[1, 2, 3, 2] scale=1 = Transpose(y.untransposed) perm=[0, 2, 3, 1]
      out back, y
    `));
  });

  test("moves below a Pad, whose pads are put in the other order, and below a Pad of stated axes", () => {
    expect(rewritten(sinkAndDrop, `
      in x: float32[1, 2, 3, 4]
      c = Relu(x)
      t = Transpose(c) perm=[0, 2, 3, 1]
      pads: int64[8] = const [0, 1, 2, 3, 4, 5, 6, 7]
      p = Pad(t, pads)
      two: int64[2] = const [1, 2]
      axes: int64[1] = const [-1]
      y = Pad(p, two, _, axes) mode="edge"
      out y
    `)).toBe(normalized(`
      in x: float32[1, 2, 3, 4]
      c = Relu(x)
      pads.untransposed: int64[8] = const [0, 3, 1, 2, 4, 7, 5, 6]
      p.untransposed = Pad(c, pads.untransposed) as "p"
      two: int64[2] = const [1, 2]
      axes.untransposed: int64[1] = const [1]
      y.untransposed = Pad(p.untransposed, two, _, axes.untransposed) mode="edge" as "y"
      y = Transpose(y.untransposed) perm=[0, 2, 3, 1]
      out y
    `));
  });

  test("moves below a ReduceMean: its axes are said of the picture, and the dims it drops leave a transpose of the others", () => {
    expect(rewritten(sinkAndDrop, `
      in x: float32[2, 3, 4, 5]
      c = Relu(x)
      t = Transpose(c) perm=[0, 2, 3, 1]
      rows: int64[1] = const [1]
      y = ReduceMean(t, rows) keepdims=0
      out y
    `)).toBe(normalized(`
      in x: float32[2, 3, 4, 5]
      c = Relu(x)
      rows.untransposed: int64[1] = const [2]
      y.untransposed = ReduceMean(c, rows.untransposed) keepdims=0 as "y"
      y = Transpose(y.untransposed) perm=[0, 2, 1]
      out y
    `));
  });

  test("stays where the image's layout is stated: at a graph input", () => {
    const text = "in x: float32[1, 4, 4, 3]\n t = Transpose(x) perm=[0, 3, 1, 2]\n y = Relu(t)\n out y";
    expect(rewritten(sinkTransposes, text)).toBe(normalized(text));
  });

  test("leaves a graph input where the result is transposed back right after", () => {
    expect(rewritten(sinkAndDrop, `
      in x: float32[1, 3, 4, 4]
      t = Transpose(x) perm=[0, 2, 3, 1]
      r = Relu(t)
      u = Transpose(r) perm=[0, 3, 1, 2]
      y = MaxPool(u) kernel_shape=[2, 2]
      out y
    `)).toBe(normalized(`
      in x: float32[1, 3, 4, 4]
      r.untransposed = Relu(x) as "r"
      r = Transpose(r.untransposed) perm=[0, 2, 3, 1]
      u = Transpose(r) perm=[0, 3, 1, 2]
      y = MaxPool(u) kernel_shape=[2, 2]
      out y
    `));
  });

  test("does not apply when another reader needs the transposed value, nor through operands transposed differently", () => {
    for (const text of [
      "in x: float32[1, 2, 3, 4]\n c = Relu(x)\n t = Transpose(c) perm=[0, 2, 3, 1]\n y = Relu(t)\n z = Softmax(t) axis=-1\n out y, z",
      "in x: float32[2, 2, 2]\n c = Relu(x)\n t = Transpose(c) perm=[1, 0, 2]\n u = Transpose(c) perm=[0, 2, 1]\n y = Add(t, u)\n out y",
    ]) expect(rewritten(sinkTransposes, text)).toBe(normalized(text));
  });
});
