import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../../testkit/src/index.ts";
import { dropChannels } from "./drop-channels.ts";

/** A pointwise Conv of one input channel, into a reader of three. Filter 1 is all zero. */
const head = (bias: string): string => `
  in x: int8[1, 1, 4, 4] scale=0.5 zero=3
  w: int8[3, 1, 1, 1] scale=[0.1, 0.2, 0.3] axis=0 = const [5, 0, 7]
  b: int32[3] scale=[0.05, 0.1, 0.15] axis=0 = const ${bias}
  c: int8[1, 3, 4, 4] scale=0.1 zero=-128 = Conv(x, w, b) clampMin=0
`;
const cutHead = `
  in x: int8[1, 1, 4, 4] scale=0.5 zero=3
  w: int8[2, 1, 1, 1] scale=[0.1, 0.3] axis=0 = const [5, 7]
  b: int32[2] scale=[0.05, 0.15] axis=0 = const [1, 3]
  c: int8[1, 2, 4, 4] scale=0.1 zero=-128 = Conv(x, w, b) clampMin=0
`;

describe("dropChannels", () => {
  test("an all-zero filter goes; what its channel stands for moves to the reader's bias, scales along", () => {
    // The constant: -128 + 20 · 0.1 / 0.1 = -108, so 20 above the zero point; 20 · -2 = -40 and 20 · 6 = 120.
    expect(rewritten(dropChannels, `${head("[1, 20, 3]")}
      v: int8[2, 3, 1, 1] scale=[0.5, 0.25] axis=0 = const [1, -2, 3, 4, 6, 5]
      d: int32[2] scale=[0.05, 0.025] axis=0 = const [1000, 2000]
      y: int8[1, 2, 4, 4] scale=1 = Conv(c, v, d)
      out y
    `)).toBe(normalized(`${cutHead}
      v: int8[2, 2, 1, 1] scale=[0.5, 0.25] axis=0 = const [1, 3, 4, 5]
      d: int32[2] scale=[0.05, 0.025] axis=0 = const [960, 2120]
      y: int8[1, 2, 4, 4] scale=1 = Conv(c, v, d)
      out y
    `));
  });

  test("a reader without a bias gets one", () => {
    expect(rewritten(dropChannels, `${head("[1, 20, 3]")}
      v: int8[2, 3, 1, 1] scale=[0.5, 0.25] axis=0 = const [1, -2, 3, 4, 6, 5]
      y: int8[1, 2, 4, 4] scale=1 = Conv(c, v)
      out y
    `)).toBe(normalized(`${cutHead}
      v: int8[2, 2, 1, 1] scale=[0.5, 0.25] axis=0 = const [1, 3, 4, 5]
      y.bias: int32[2] scale=[0.05, 0.025] axis=0 = const [-40, 120]
      y: int8[1, 2, 4, 4] scale=1 = Conv(c, v, y.bias)
      out y
    `));
  });

  test("a channel that the clamp holds at one number for every input is constant, whatever its weights", () => {
    // Sums reach at most -4000 + 7 · 131 = -3083: below zero.
    expect(rewritten(dropChannels, `
      in x: int8[1, 1, 4, 4] scale=0.5 zero=3
      w: int8[2, 1, 1, 1] scale=[0.1, 0.3] axis=0 = const [5, 7]
      b: int32[2] scale=[0.05, 0.15] axis=0 = const [1, -4000]
      c: int8[1, 2, 4, 4] scale=0.1 zero=-128 = Conv(x, w, b) clampMin=0
      v: int8[1, 2, 3, 3] scale=[0.5] axis=0 = const seed 1
      y: int8[1, 1, 4, 4] scale=1 = Conv(c, v) pads=[1, 1, 1, 1]
      out y
    `)).toContain("w: int8[1, 1, 1, 1] scale=[0.1] axis=0 = const [5]");
  });

  const depthwise = (bias: string, attrs: string): string => `
    k: int8[3, 1, 3, 3] scale=[0.5, 0.5, 0.5] axis=0 = const [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    f: int32[3] scale=[0.05, 0.05, 0.05] axis=0 = const ${bias}
    p = Conv(c, k, f) group=3 ${attrs}
    q: int8[1, 3, 1, 1] scale=1 zero=-100 = GlobalAveragePool(p)
    r: int8[1, 3] scale=1 zero=-100 = Flatten(q)
    m: int8[2, 3] scale=0.5 = const [1, -2, 3, 4, 6, 5]
    y: int8[1, 2] scale=1 = Gemm(r, m) transB=1
    out y
  `.replace("p =", "p: int8[?] scale=1 zero=-100 =");

  test("a constant at the zero point goes through a padded depthwise Conv, a mean and a Flatten, to a Gemm's bias", () => {
    const text = rewritten(dropChannels, `${head("[1, -20, 3]")}${depthwise("[0, 400, 0]", "pads=[1, 1, 1, 1]")}`);
    expect(text).toContain("k: int8[2, 1, 3, 3] scale=[0.5, 0.5] axis=0 = const [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1]");
    expect(text).toContain("group=2 pads=[1, 1, 1, 1]");
    expect(text).toContain("m: int8[2, 2] scale=0.5 = const [1, 3, 4, 5]");
    // 400 · 0.05 = 20 above the zero point, in the mean as well: 20 · -2 and 20 · 6.
    expect(text).toContain("y.bias: int32[2] scale=0.5 = const [-40, 120]");
  });

  test("ReduceMean without its axes, a constant operand by channel and a Gemm of columns are cut as well", () => {
    expect(rewritten(dropChannels, `${head("[1, 20, 3]")}
      k: int8[3, 1, 1] scale=0.1 = const [10, 20, 30]
      s: int8[1, 3, 4, 4] scale=0.2 zero=-128 = Mul(c, k)
      axes: int64[2] = const [-1, -2]
      r: int8[1, 3] scale=0.2 zero=-128 = ReduceMean(s, axes) keepdims=0
      m: int8[3, 2] scale=0.5 = const [1, 4, -2, 6, 3, 5]
      y: int8[1, 2] scale=1 = Gemm(r, m)
      out y
    `)).toBe(normalized(`${cutHead}
      k: int8[2, 1, 1] scale=0.1 = const [10, 30]
      s: int8[1, 2, 4, 4] scale=0.2 zero=-128 = Mul(c, k)
      axes: int64[2] = const [-1, -2]
      r: int8[1, 2] scale=0.2 zero=-128 = ReduceMean(s, axes) keepdims=0
      m: int8[2, 2] scale=0.5 = const [1, 4, 3, 5]
      y.bias: int32[2] scale=0.1 = const [-40, 120]
      y: int8[1, 2] scale=1 = Gemm(r, m, y.bias)
      out y
    `));
  });

  test("a constant beside the zero point goes only where all borders agree: without padding, or under a clamp", () => {
    const constant = head("[1, 20, 3]");
    expect(rewritten(dropChannels, `${constant}${depthwise("[0, 0, 0]", "")}`)).toContain("group=2");
    expect(rewritten(dropChannels, `${constant}${depthwise("[0, -4000, 0]", "pads=[1, 1, 1, 1] clampMin=0")}`)).toContain("group=2");
    expect(rewritten(dropChannels, `${constant}${depthwise("[0, 0, 0]", "pads=[1, 1, 1, 1]")}`)).toContain("group=3");
  });

  test("a padded Conv takes a constant beside the zero point only when its weights cancel outside of the centre", () => {
    const reader = (filter: string): string => `${head("[1, 20, 3]")}
      v: int8[1, 3, 1, 3] scale=[0.5] axis=0 = const [1, 2, 3, ${filter}, 4, 5, 6]
      y: int8[1, 1, 4, 4] scale=1 = Conv(c, v) pads=[0, 1, 0, 1]
      out y
    `;
    expect(rewritten(dropChannels, reader("0, 5, 0"))).toContain("y.bias: int32[1] scale=[0.05] axis=0 = const [100]");
    expect(rewritten(dropChannels, reader("0, 5, 1"))).not.toContain("y.bias");
  });

  test("a channel that every filter reads with weight zero goes, and so does what fed only it", () => {
    expect(rewritten(dropChannels, `
      in x: int8[1, 1, 4, 4] scale=0.5 zero=3
      w: int8[2, 1, 1, 1] scale=[0.1, 0.3] axis=0 = const [5, 7]
      c: int8[1, 2, 4, 4] scale=0.1 = Conv(x, w)
      v: int8[2, 2, 1, 1] scale=[0.5, 0.5] axis=0 = const [1, 0, 3, 4]
      d: int8[1, 2, 4, 4] scale=0.1 = Conv(c, v)
      s: int8[1, 2, 4, 4] scale=0.1 = Sigmoid(d)
      u: int8[1, 2, 1, 1] scale=[0.5] axis=0 = const [2, 0]
      y: int8[1, 1, 4, 4] scale=1 = Conv(s, u)
      out y
    `.replace("s: int8[1, 2, 4, 4] scale=0.1", "s: int8[1, 2, 4, 4] scale=0.00390625 zero=-128"))).toBe(normalized(`
      in x: int8[1, 1, 4, 4] scale=0.5 zero=3
      w: int8[1, 1, 1, 1] scale=[0.1] axis=0 = const [5]
      c: int8[1, 1, 4, 4] scale=0.1 = Conv(x, w)
      v: int8[1, 1, 1, 1] scale=[0.5] axis=0 = const [1]
      d: int8[1, 1, 4, 4] scale=0.1 = Conv(c, v)
      s: int8[1, 1, 4, 4] scale=0.00390625 zero=-128 = Sigmoid(d)
      u: int8[1, 1, 1, 1] scale=[0.5] axis=0 = const [2]
      y: int8[1, 1, 4, 4] scale=1 = Conv(s, u)
      out y
    `));
  });

  test.each([
    ["it is added to one that is not constant", `z: int8[1, 3, 4, 4] scale=0.1 = Add(c, x)\n out z`],
    ["the bias would leave int32", `v: int8[1, 3, 1, 1] scale=[0.5] axis=0 = const [1, 127, 3]\n d: int32[1] scale=[0.05] axis=0 = const [2147483640]\n y: int8[1, 1, 4, 4] scale=1 = Conv(c, v, d)\n out y`],
    ["the value is an output as well", `v: int8[1, 3, 1, 1] scale=[0.5] axis=0 = const [1, 2, 3]\n y: int8[1, 1, 4, 4] scale=1 = Conv(c, v)\n out y, c`],
    ["an op without a rule reads it", `y: int8[1, 3, 4, 4] scale=0.00390625 zero=-128 = Softmax(c) axis=1\n out y`],
    ["groups that are not depthwise read it", `v: int8[3, 1, 1, 1] scale=[0.5, 0.5, 0.5] axis=0 = const [1, 2, 3]\n d: int8[1, 3, 4, 4] scale=1 = Conv(c, v) group=3\n j: int8[1, 6, 4, 4] scale=1 = Concat(d, d) axis=1\n u: int8[2, 3, 1, 1] scale=[0.5, 0.5] axis=0 = const [1, 2, 3, 4, 5, 6]\n y: int8[1, 2, 4, 4] scale=1 = Conv(j, u) group=2\n out y`],
  ])("a constant channel stays when %s", (_why, body) => {
    const text = `${head("[1, 20, 3]")}${body}`;
    expect(rewritten(dropChannels, text)).toBe(normalized(text));
  });

  test("the last channel of a value stays, and the last two of a Gemm with several weight scales", () => {
    const text = (scales: string): string => `
      in x: int8[1, 2] scale=0.5
      w: int8[3, 2] scale=${scales} = const [0, 0, 0, 0, 0, 0]
      c: int8[1, 3] scale=0.1 = Gemm(x, w) transB=1
      v: int8[1, 3] scale=0.5 = const [1, 2, 3]
      y: int8[1, 1] scale=1 = Gemm(c, v) transB=1
      out y
    `;
    expect(rewritten(dropChannels, text("0.1"))).toContain("c: int8[1, 1]");
    expect(rewritten(dropChannels, text("[0.1, 0.2, 0.3] axis=0"))).toContain("c: int8[1, 2]");
  });

  test("a constant that another node reads keeps its bytes there", () => {
    const text = rewritten(dropChannels, `
      in x: int8[1, 1, 4, 4] scale=0.5
      w: int8[2, 1, 1, 1] scale=[0.5, 0.5] axis=0 = const [0, 3]
      a: int8[1, 2, 4, 4] scale=1 = Conv(x, w)
      b: int8[1, 2, 4, 4] scale=1 = Conv(x, w)
      u: int8[1, 2, 1, 1] scale=[0.5] axis=0 = const [1, 2]
      y: int8[1, 1, 4, 4] scale=1 = Conv(a, u)
      out y, b
    `);
    expect(text).toContain("w: int8[2, 1, 1, 1]");
    expect(text).toContain("w.cut1: int8[1, 1, 1, 1] scale=[0.5] axis=0 = const [3]");
  });
});
