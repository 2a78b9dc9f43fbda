import { describe, expect, test } from "vitest";
import { normalized, rewritten } from "../../../../testkit/src/index.ts";
import { fuseTables } from "./fuse-tables.ts";

const input = `
  in x: int8[1, 1, 4, 4] scale=0.5 zero=3
  w: int8[2, 1, 1, 1] scale=[0.1, 0.3] axis=0 = const [5, 7]
  b: int32[2] scale=[0.05, 0.15] axis=0 = const [1, 3]
`;
const conv = (fact: string, attrs = ""): string => `${input} c: int8[1, 2, 4, 4] ${fact} = Conv(x, w, b)${attrs}\n`;
const unread = (body: string): string => `${body}\n out y`;

describe("fuseTables", () => {
  test("a shift of the zero point becomes the op's own, and what saturated before becomes its clamp", () => {
    expect(rewritten(fuseTables, unread(`${conv("scale=0.25 zero=0")} y: int8[1, 2, 4, 4] scale=0.25 zero=28 = Quantize(c)`)))
      .toBe(normalized(unread(`${input} y: int8[1, 2, 4, 4] scale=0.25 zero=28 = Conv(x, w, b) clampMin=-32 as "c"`)));
  });

  test("Relu to another zero point becomes the clamp of Conv, Add, Mul, Sub and GlobalAveragePool; below int8 there is nothing to clamp", () => {
    expect(rewritten(fuseTables, unread(`${conv("scale=0.25 zero=-8")} y: int8[1, 2, 4, 4] scale=0.25 zero=-128 = Relu(c)`)))
      .toBe(normalized(unread(`${input} y: int8[1, 2, 4, 4] scale=0.25 zero=-128 = Conv(x, w, b) clampMax=33.75 as "c"`)));
    for (const op of ["Add(x, x)", "Mul(x, x)", "Sub(x, x)"]) {
      const text = (made: string): string => `in x: int8[2] scale=0.5 zero=3\n ${made}\n out y`;
      expect(rewritten(fuseTables, text(`a: int8[2] scale=2 zero=1 = ${op}\n y: int8[2] scale=2 zero=-100 = Relu(a)`))).toMatch(/y: int8\[2\] scale=2 zero=-100 = (Add|Mul|Sub)\(x, x\) clampMin=0/);
    }
    const pooled = rewritten(fuseTables, unread(`in x: int8[1, 2, 4, 4] scale=0.5 zero=3\n g: int8[1, 2, 1, 1] scale=0.5 zero=3 = GlobalAveragePool(x)\n y: int8[1, 2, 1, 1] scale=0.5 zero=-100 = Relu(g)`));
    expect(pooled).toContain("y: int8[1, 2, 1, 1] scale=0.5 zero=-100 = GlobalAveragePool(x) clampMin=0");
  });

  test("a scale that rounds twice stays where one sum among all would change, and goes where inputs cannot reach it", () => {
    const rescaled = unread(`${conv("scale=0.25 zero=0")} y: int8[1, 2, 4, 4] scale=0.5 = Quantize(c)`);
    expect(rewritten(fuseTables, rescaled)).toBe(normalized(rescaled));
    // All that occurs is bias: sums 1 and 3.
    const constant = (w: string): string => rescaled.replace("const [5, 7]", w);
    expect(rewritten(fuseTables, constant("const [0, 0]"))).toContain("y: int8[1, 2, 4, 4] scale=0.5 = Conv(x, w, b)");
  });

  test("an op that answers every number that can occur with itself goes, whoever else reads its operand", () => {
    const text = `${conv("scale=0.25 zero=-8", " clampMin=0 clampMax=6")}
      r: int8[1, 2, 4, 4] scale=0.25 zero=-8 = Relu(c)
      y: int8[1, 2, 4, 4] scale=0.5 zero=-8 = Add(r, c)
      out y`;
    expect(rewritten(fuseTables, text)).toBe(normalized(`${conv("scale=0.25 zero=-8", " clampMin=0 clampMax=6")}
      y: int8[1, 2, 4, 4] scale=0.5 zero=-8 = Add(c, c)
      out y`));
  });

  test("two tables become one where all answers agree: two clamps do, Sigmoid and a change of scale do not", () => {
    const text = (first: string, second: string): string => `in x: int8[4] scale=0.5 zero=3\n six: float32[] = const [6]\n ${first}\n ${second}\n out y`;
    expect(rewritten(fuseTables, text("r: int8[4] scale=0.5 zero=-20 = Relu(x)", "y: int8[4] scale=0.5 zero=-100 = Clip(r, _, six)"))).toBe(normalized(
      text("r: int8[4] scale=0.5 zero=-20 = Relu(x)", "y: int8[4] scale=0.5 zero=-100 = Clip(r, _, six)")));
    expect(rewritten(fuseTables, text("r: int8[4] scale=0.5 zero=-20 = Relu(x)", "y: int8[4] scale=0.5 zero=-100 = Quantize(r)"))).toBe(normalized(
      text("", `y: int8[4] scale=0.5 zero=-100 = Relu(x) as "r"`).replace("six: float32[] = const [6]\n", "")));
    const kept = text("r: int8[4] scale=0.00390625 zero=-128 = Sigmoid(x)", "y: int8[4] scale=0.01 zero=-128 = Quantize(r)").replace("six: float32[] = const [6]\n", "");
    expect(rewritten(fuseTables, kept)).toBe(normalized(kept));
  });

  test.each([
    ["the value between is read elsewhere", `${conv("scale=0.25 zero=-8")} y: int8[1, 2, 4, 4] scale=0.25 zero=-128 = Relu(c)\n z: int8[1, 2, 4, 4] scale=0.25 zero=-128 = Add(c, y)\n out z`],
    ["it is a graph output", `${conv("scale=0.25 zero=-8")} y: int8[1, 2, 4, 4] scale=0.25 zero=-128 = Relu(c)\n out y, c`],
    ["the table falls somewhere", `${conv("scale=0.25 zero=-8")} y: int8[1, 2, 4, 4] scale=0.25 zero=-8 = HardSwish(c)\n out y`],
    ["the op before only moves", `in x: int8[1, 4] scale=0.5\n s: int64[1] = const [4]\n c: int8[4] scale=0.5 = Reshape(x, s)\n y: int8[4] scale=0.5 zero=-128 = Relu(c)\n out y`],
    ["the op before is a pool and the facts differ", `in x: int8[1, 1, 4, 4] scale=0.5\n c: int8[1, 1, 3, 3] scale=0.5 = MaxPool(x) kernel_shape=[2, 2]\n y: int8[1, 1, 3, 3] scale=0.5 zero=-128 = Relu(c)\n out y`],
    ["there is no int8", `in x: float32[4]\n c = Sigmoid(x)\n y = Relu(c)\n out y`],
  ])("does not apply when %s", (_why, text) => {
    expect(rewritten(fuseTables, text)).toBe(normalized(text));
  });
});
