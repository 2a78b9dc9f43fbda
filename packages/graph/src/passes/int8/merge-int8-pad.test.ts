import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../../testkit/src/index.ts";
import { mergeInt8Pad } from "./merge-int8-pad.ts";

const padded = (fill: string, readers: string, attrs = ""): string => `
  in x: int8[1, 1, 4, 4] scale=0.5 zero=3
  n: int64[8] = const [0, 0, 0, 1, 0, 0, 1, 1]
  f: float32[] = const [${fill}]
  w: int8[1, 1, 2, 2] scale=[0.1] axis=0 = const [1, 2, 3, 4]
  p: int8[1, 1, 5, 6] scale=0.5 zero=3 = Pad(x, n, f)${attrs}
  ${readers}
`;
const bare = (readers: string): string => `
  in x: int8[1, 1, 4, 4] scale=0.5 zero=3
  w: int8[1, 1, 2, 2] scale=[0.1] axis=0 = const [1, 2, 3, 4]
  ${readers}
`;

describe("mergeInt8Pad", () => {
  test("padding that is stored as the zero point becomes that of every Conv that reads it, on top of their own", () => {
    expect(rewritten(mergeInt8Pad, padded("0.2", `
      a: int8[1, 1, 4, 5] scale=0.5 = Conv(p, w)
      b: int8[1, 1, 4, 5] scale=0.5 = Conv(p, w) pads=[0, 0, 0, 0]
      c: int8[1, 1, 6, 7] scale=0.5 = Conv(p, w) pads=[1, 1, 1, 1]
      out a, b, c`))).toBe(normalized(bare(`
      a: int8[1, 1, 4, 5] scale=0.5 = Conv(x, w) pads=[0, 1, 1, 1]
      b: int8[1, 1, 4, 5] scale=0.5 = Conv(x, w) pads=[0, 1, 1, 1]
      c: int8[1, 1, 6, 7] scale=0.5 = Conv(x, w) pads=[1, 2, 2, 2]
      out a, b, c`)));
  });

  test("named axes are understood", () => {
    const text = padded("0", "y: int8[1, 1, 3, 4] scale=0.5 = Conv(p, w)\n out y")
      .replace("n: int64[8] = const [0, 0, 0, 1, 0, 0, 1, 1]", "n: int64[2] = const [1, 0]\n axes: int64[1] = const [-1]")
      .replace("p: int8[1, 1, 5, 6]", "p: int8[1, 1, 4, 5]").replace("Pad(x, n, f)", "Pad(x, n, f, axes)");
    expect(rewritten(mergeInt8Pad, text)).toContain("Conv(x, w) pads=[0, 1, 0, 0]");
  });

  test("a MaxPool takes padding that is no larger than anything that can occur, if each window meets an element", () => {
    const pool = (fill: string, kernel = "2, 2"): string => rewritten(mergeInt8Pad, padded(fill, `y = MaxPool(p) kernel_shape=[${kernel}]\n out y`.replace("y =", "y: int8[?] scale=0.5 zero=3 =")));
    expect(pool("-65.5")).toContain("MaxPool(x) kernel_shape=[2, 2] pads=[0, 1, 1, 1]");
    expect(pool("0")).toContain("MaxPool(p)");
    expect(pool("-65.5", "1, 1")).toContain("MaxPool(p)");
    const clamped = `
      in x: int8[1, 1, 4, 4] scale=0.5 zero=3
      n: int64[8] = const [0, 0, 1, 1, 0, 0, 0, 0]
      r: int8[1, 1, 4, 4] scale=0.5 zero=-20 = Relu(x)
      p: int8[1, 1, 5, 5] scale=0.5 zero=-20 = Pad(r, n)
      y: int8[1, 1, 4, 4] scale=0.5 zero=-20 = MaxPool(p) kernel_shape=[2, 2]
      out y`;
    expect(rewritten(mergeInt8Pad, clamped)).toContain("MaxPool(r) kernel_shape=[2, 2] pads=[1, 1, 0, 0]");
  });

  const conv = "y: int8[1, 1, 4, 5] scale=0.5 = Conv(p, w)\n out y";
  test.each([
    ["the padding is another number", padded("0.3", conv)],
    ["the padded value is an output", padded("0", `${conv}, p`)],
    ["one reader cannot take it", padded("0", `y: int8[1, 1, 4, 5] scale=0.5 = Conv(p, w)\n z: int8[1, 1, 4, 5] scale=0.5 zero=3 = AveragePool(p) kernel_shape=[2, 2]\n out y, z`)],
    ["it shows the border", padded("0", conv, ` mode="edge"`)],
    ["it pads channels", padded("0", "y: int8[1, 2, 4, 4] scale=0.5 zero=3 = Relu(p)\n out y").replace("[0, 0, 0, 1, 0, 0, 1, 1]", "[0, 1, 0, 0, 0, 0, 0, 0]").replace("p: int8[1, 1, 5, 6]", "p: int8[1, 2, 4, 4]")],
    ["the reader pads by itself", padded("0", `y: int8[1, 1, 5, 6] scale=0.5 = Conv(p, w) auto_pad="SAME_UPPER"\n out y`)],
  ])("does not apply when %s", (_why, text) => {
    expect(rewritten(mergeInt8Pad, text)).toBe(normalized(text));
  });
});
