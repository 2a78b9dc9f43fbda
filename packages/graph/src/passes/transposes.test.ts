import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../testkit/src/index.ts";
import { dropDead } from "./drop-dead.ts";
import type { Pass } from "./pass.ts";
import { mergeTransposes, sinkTransposes } from "./transposes.ts";

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
      k.padded: float32[1, 1, 1, 2] = const [5, 6]
      k.transposed = Transpose(k.padded) perm=[0, 3, 1, 2] as "a"
      a.untransposed = Add(c, k.transposed) as "a"
      y.untransposed = Concat(a.untransposed, c) axis=1 as "y"
      y = Transpose(y.untransposed) perm=[0, 2, 3, 1]
      out y
    `));
  });

  test("stays where the image's layout is stated: at a graph input", () => {
    const text = "in x: float32[1, 4, 4, 3]\n t = Transpose(x) perm=[0, 3, 1, 2]\n y = Relu(t)\n out y";
    expect(rewritten(sinkTransposes, text)).toBe(normalized(text));
  });
});
