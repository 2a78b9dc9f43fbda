import { describe, expect, test } from "vitest";
import { parseGraph, printGraph } from "../index.ts";
import { canonicalize } from "./pipeline.ts";

function canonical(text: string): string {
  const result = canonicalize(parseGraph(text));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return printGraph(result.value);
}

function warnings(text: string): readonly string[] {
  const result = canonicalize(parseGraph(text));
  return result.ok ? result.warnings.map(({ code, subject }) => `${code} ${subject.kind === "node" ? subject.node : ""}`) : ["failed"];
}

/** A quantized value as files write it: q = QuantizeLinear(x), x' = DequantizeLinear(q). */
const qdq = (id: string, scale: string, zero: string): string => `${id}.q: int8[?] = QuantizeLinear(${id}, ${scale}, ${zero})\n ${id}.dq = DequantizeLinear(${id}.q, ${scale}, ${zero})`;

const parameters = `
  s: float32[] = const [0.5]
  z: int8[] = const [-128]
  ws: float32[2] = const [0.25, 0.125]
  bs: float32[2] = const [0.125, 0.0625]
`;

describe("absorbQdq", () => {
  test("a Conv with Relu between Q and DQ becomes one integer node with facts; a clamp that saturation implies goes away", () => {
    expect(canonical(`
      in x: float32[1, 1, 2, 2]
      ${parameters}
      w: int8[2, 1, 1, 1] = const [100, -100]
      b: int32[2] = const [8, -8]
      ${qdq("x", "s", "z")}
      w.dq = DequantizeLinear(w, ws) axis=0
      b.dq = DequantizeLinear(b, bs) axis=0
      c = Conv(x.dq, w.dq, b.dq)
      r = Relu(c)
      ${qdq("r", "s", "z")}
      out r.dq
    `)).toBe(`graph graph
in x: float32[1, 1, 2, 2]
x.q: int8[1, 1, 2, 2] scale=0.5 zero=-128 = Quantize(x)
w: int8[2, 1, 1, 1] scale=[0.25, 0.125] axis=0 = const [100, -100]
r.bias: int32[2] scale=[0.125, 0.0625] axis=0 = const [8, -8]
r.q: int8[1, 2, 2, 2] scale=0.5 zero=-128 = Conv(x.q, w, r.bias) as "c"
r.dq: float32[1, 2, 2, 2] = Dequantize(r.q)
out r.dq
`);
  });

  test("uint8 activations and weights become int8 with a zero point 128 lower", () => {
    expect(canonical(`
      in x: float32[1, 2]
      s: float32[] = const [0.5]
      z: uint8[] = const [3]
      wz: uint8[] = const [128]
      w: uint8[2, 1] = const [0, 255]
      x.q: uint8[1, 2] = QuantizeLinear(x, s, z)
      x.dq = DequantizeLinear(x.q, s, z)
      w.dq = DequantizeLinear(w, s, wz)
      y = MatMul(x.dq, w.dq)
      y.q: uint8[1, 1] = QuantizeLinear(y, s, z)
      y.dq = DequantizeLinear(y.q, s, z)
      out y.dq
    `)).toBe(`graph graph
in x: float32[1, 2]
x.q: int8[1, 2] scale=0.5 zero=-125 = Quantize(x)
w: int8[2, 1] scale=0.5 = const [-128, 127]
y.q: int8[1, 1] scale=0.5 zero=-125 = Gemm(x.q, w) as "y"
y.dq: float32[1, 1] = Dequantize(y.q)
out y.dq
`);
  });

  test("a Reshape between Dequantize and a quantized Gemm runs on integers", () => {
    const text = canonical(`
      in x: float32[1, 2, 1, 1]
      s: float32[] = const [0.5]
      z: int8[] = const [0]
      w: int8[1, 2] = const [1, 2]
      ${qdq("x", "s", "z")}
      f = Flatten(x.dq)
      w.dq = DequantizeLinear(w, s)
      y = Gemm(f, w.dq) transB=1
      ${qdq("y", "s", "z")}
      out y.dq
    `);
    expect(text).toContain("int8[1, 2] scale=0.5 = Flatten(x.q)");
    expect(text.match(/Quantize|Dequantize/g)).toEqual(["Quantize", "Dequantize"]);
  });

  test("a float weight stays float, and the warning names the node", () => {
    const text = `
      in x: float32[1, 2]
      s: float32[] = const [0.5]
      z: int8[] = const [0]
      w: float32[2, 1] = const [1, 2]
      ${qdq("x", "s", "z")}
      y = MatMul(x.dq, w) as "the product"
      ${qdq("y", "s", "z")}
      out y.dq
    `;
    expect(warnings(text)).toEqual(["QDQ_FLOAT_NODE the product"]);
  });

  test("Q/DQ pairs that disagree at a value stay, and are reported", () => {
    const text = `
      in x: float32[2]
      s: float32[] = const [0.5]
      t: float32[] = const [0.25]
      z: int8[] = const [0]
      q: int8[2] = QuantizeLinear(x, s, z)
      y = DequantizeLinear(q, t, z)
      out y
    `;
    expect(warnings(text)).toEqual(["QDQ_NOT_LOWERED q", "QDQ_NOT_LOWERED y"]);
  });

  test("a Concat of differing scales brings each part to the result's, as TFLite's converter does; an equal part stays", () => {
    expect(canonical(`
      in x: float32[1, 2, 2]
      s: float32[] = const [0.5]
      t: float32[] = const [0.25]
      z: int8[] = const [3]
      ${qdq("x", "s", "z")}
      r = Relu(x.dq)
      ${qdq("r", "t", "z")}
      y = Concat(x.dq, r.dq) axis=1
      ${qdq("y", "t", "z")}
      out y.dq
    `)).toBe(`graph graph
in x: float32[1, 2, 2]
x.q: int8[1, 2, 2] scale=0.5 zero=3 = Quantize(x)
r.q: int8[1, 2, 2] scale=0.25 zero=3 = Relu(x.q) as "r"
y.q.operand0: int8[1, 2, 2] scale=0.25 zero=3 = Quantize(x.q) as "y"
y.q: int8[1, 4, 2] scale=0.25 zero=3 = Concat(y.q.operand0, r.q) axis=1 as "y"
y.dq: float32[1, 4, 2] = Dequantize(y.q)
out y.dq
`);
  });

  test("a ConvTranspose takes scales along axis 1, its output channels", () => {
    const text = (axis: number) => `
      in x: float32[1, 2, 2, 2]
      ${parameters}
      w: int8[2, 2, 1, 1] = const [100, -100, 50, 25]
      ${qdq("x", "s", "z")}
      w.dq = DequantizeLinear(w, ws) axis=${axis}
      c = ConvTranspose(x.dq, w.dq)
      ${qdq("c", "s", "z")}
      out c.dq
    `;
    expect(canonical(text(1))).toContain("= ConvTranspose(x.q, w)");
    expect(canonical(text(0))).not.toContain("= ConvTranspose(x.q, w)");
    expect(warnings(text(0))).toHaveLength(1);
  });
});
