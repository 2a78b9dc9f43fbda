import type { Attrs, Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { realAttr, wholeAttr } from "./attribute.ts";
import { broadcastDims, broadcastShape, expandTo } from "./broadcast.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf } from "./dims.ts";
import { gemmInt8 } from "./gemm.int8.ts";
import { realsOf, required } from "./operand.ts";
import { realProduct, transposedMatrix, wholeProduct } from "./product.ts";
import { isWide, narrowed, wideOf } from "./wide-integer.ts";
import { resultOf } from "./result.ts";

/**
 * Matrix product with a bias.
 *
 *   Y = alpha · A' · B' + beta · C, A' and B' transposed where transA, transB are 1; then the fused clamp
 *   macs = M · K · N
 *
 * A [M, K], B [K, N], C broadcast to [M, N], one number type → Y [M, N]. Errors: OP_SHAPE; OP_ATTRIBUTE for fractional
 * alpha or beta with integers of 32 bits or more. Source: onnx.ai/onnx/operators/onnx__Gemm.html
 */
export const gemm: OpDef = {
  name: "Gemm",
  summary: "Y = alpha · A · B + beta · C",
  spec: "https://onnx.ai/onnx/operators/onnx__Gemm.html",
  inputs: ["A", "B", "C?"],
  infer(inputs, attrs) {
    const a = required(inputs[0], "A");
    const b = required(inputs[1], "B");
    if (a.shape === null || b.shape === null) return [{ dtype: a.dtype, shape: null, elements: null }];
    const { rows, columns } = sizesOf(a.shape, b.shape, attrs);
    if (inputs[2]) broadcastDims([rows, columns], inputs[2].shape);
    return [{ dtype: a.dtype, shape: [rows, columns], elements: null }];
  },
  work(inputs, outputs, attrs) {
    const depth = inputs[0]?.shape?.[wholeAttr(attrs, "transA", 0) === 1 ? 0 : 1];
    return { macs: countOf(outputs[0]) * (typeof depth === "number" ? depth : 1), elementOps: 0 };
  },
  evaluate(inputs, attrs) {
    const a = required(inputs[0], "A");
    const b = required(inputs[1], "B");
    const sizes = sizesOf(a.shape, b.shape, attrs);
    const shape = [Number(sizes.rows), Number(sizes.columns)];
    const c = inputs[2] ? expanded(inputs[2], shape) : null;
    const y = isWide(a.dtype) ? wholeGemm({ a, b, c, attrs }, shape) : realGemm({ a, b, c, attrs }, shape);
    clampInPlace(y.data, attrs);
    return [resultOf(a.dtype, shape, y.data)];
  },
  evaluateInt8: gemmInt8,
};

interface Sizes<D extends Dim> {
  readonly rows: D;
  readonly depth: D;
  readonly columns: D;
}

function sizesOf<D extends Dim>(a: readonly D[], b: readonly D[], attrs: Attrs): Sizes<D> {
  const [a0, a1] = a;
  const [b0, b1] = b;
  if (a.length !== 2 || b.length !== 2 || a0 === undefined || a1 === undefined || b0 === undefined || b1 === undefined) {
    throw new OpError("OP_SHAPE", `A [${a.join(", ")}] and B [${b.join(", ")}] must be matrices`);
  }
  const transA = wholeAttr(attrs, "transA", 0) === 1;
  const transB = wholeAttr(attrs, "transB", 0) === 1;
  const depth = transA ? a0 : a1;
  const other = transB ? b1 : b0;
  if (typeof depth === "number" && typeof other === "number" && depth !== other) {
    throw new OpError("OP_SHAPE", `A [${a.join(", ")}] and B [${b.join(", ")}] do not multiply`);
  }
  return { rows: transA ? a1 : a0, depth, columns: transB ? b0 : b1 };
}

function expanded(c: Tensor, shape: readonly number[]): Tensor {
  if (String(broadcastShape(c.shape, shape)) !== String(shape)) {
    throw new OpError("OP_SHAPE", `C [${c.shape.join(", ")}] does not repeat to [${shape.join(", ")}]`);
  }
  return { dtype: c.dtype, shape, data: expandTo(c, shape) };
}

interface Operands {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor | null;
  readonly attrs: Attrs;
}

function realGemm({ a, b, c, attrs }: Operands, [rows = 0, columns = 0]: readonly number[]): Tensor {
  const left = wholeAttr(attrs, "transA", 0) === 1 ? transposedMatrix(realsOf(a, "A"), a.shape[0] ?? 0, rows) : realsOf(a, "A");
  const right = wholeAttr(attrs, "transB", 0) === 1 ? realsOf(b, "B") : transposedMatrix(realsOf(b, "B"), b.shape[0] ?? 0, columns);
  const depth = rows === 0 ? 0 : left.length / rows;
  const data = new Float64Array(rows * columns);
  realProduct({ a: left, b: right, rows, depth, columns }, data);
  const alpha = realAttr(attrs, "alpha", 1);
  const beta = realAttr(attrs, "beta", 1);
  const bias = c && realsOf(c, "C");
  for (let i = 0; i < data.length; i++) data[i] = alpha * (data[i] as number) + (bias ? beta * (bias[i] as number) : 0);
  return { dtype: a.dtype, shape: [rows, columns], data };
}

function wholeGemm({ a, b, c, attrs }: Operands, [rows = 0, columns = 0]: readonly number[]): Tensor {
  const wide = { a: wideOf(a), b: wideOf(b) };
  const left = wholeAttr(attrs, "transA", 0) === 1 ? transposedMatrix(wide.a, a.shape[0] ?? 0, rows) : wide.a;
  const right = wholeAttr(attrs, "transB", 0) === 1 ? wide.b : transposedMatrix(wide.b, b.shape[0] ?? 0, columns);
  const depth = rows === 0 ? 0 : left.length / rows;
  const data = new BigInt64Array(rows * columns);
  wholeProduct({ a: left, b: right, rows, depth, columns }, data);
  const alpha = BigInt(wholeAttr(attrs, "alpha", 1));
  const beta = BigInt(wholeAttr(attrs, "beta", 1));
  const bias = c && wideOf(c);
  for (let i = 0; i < data.length; i++) data[i] = alpha * (data[i] as bigint) + (bias ? beta * (bias[i] as bigint) : 0n);
  return { dtype: a.dtype, shape: [rows, columns], data: narrowed(a.dtype, data) };
}
