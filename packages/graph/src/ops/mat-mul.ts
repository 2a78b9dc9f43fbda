import type { Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { elementCount, type Tensor, type TensorData } from "../tensor.ts";
import { broadcastDims, positionsIn } from "./broadcast.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf } from "./dims.ts";
import { matMulInt8 } from "./mat-mul.int8.ts";
import { realsOf, required } from "./operand.ts";
import { realProduct, transposedMatrix, wholeProduct } from "./product.ts";
import { isWide, narrowed, wideOf } from "./wide-integer.ts";
import { resultOf } from "./result.ts";

/**
 * Matrix product as numpy.matmul.
 *
 *   Y[…, m, n] = Σ_k A[…, m, k] · B[…, k, n]; leading dims broadcast; then the fused clamp
 *   a vector A counts as one row, a vector B as one column, and that dim is dropped from Y
 *   macs = |Y| · K
 *
 * A, B one number type → Y. Errors: OP_SHAPE. Source: onnx.ai/onnx/operators/onnx__MatMul.html
 */
export const matMul: OpDef = {
  name: "MatMul",
  summary: "Y = A · B",
  spec: "https://onnx.ai/onnx/operators/onnx__MatMul.html",
  inputs: ["A", "B"],
  infer(inputs) {
    const a = required(inputs[0], "A");
    const b = required(inputs[1], "B");
    const plan = a.shape && b.shape && planProduct(a.shape, b.shape);
    return [{ dtype: a.dtype, shape: plan && resultShape(plan), elements: null }];
  },
  work(inputs, outputs) {
    const depth = inputs[0]?.shape?.at(-1);
    return { macs: countOf(outputs[0]) * (typeof depth === "number" ? depth : 1), elementOps: 0 };
  },
  evaluate(inputs, attrs) {
    const a = required(inputs[0], "A");
    const b = required(inputs[1], "B");
    const data = isWide(a.dtype) ? narrowed(a.dtype, wholeMatMul(a, b)) : realMatMul(a, b);
    clampInPlace(data, attrs);
    const plan = planProduct(a.shape, b.shape);
    return [resultOf(a.dtype, (resultShape(plan) ?? []).map(Number), data)];
  },
  evaluateInt8: matMulInt8,
};

interface ProductPlan {
  /** Leading dims of Y; null when not known before running. */
  readonly batch: readonly Dim[] | null;
  readonly batchA: readonly Dim[];
  readonly batchB: readonly Dim[];
  /** The matrix dims; rows or columns null for a vector operand. */
  readonly rows: Dim | null;
  readonly depth: Dim;
  readonly columns: Dim | null;
}

function planProduct(a: readonly Dim[], b: readonly Dim[]): ProductPlan {
  const depth = a.at(-1);
  const other = b.length === 1 ? b[0] : b.at(-2);
  if (depth === undefined || other === undefined) throw new OpError("OP_SHAPE", "A and B need at least one dim");
  if (typeof depth === "number" && typeof other === "number" && depth !== other) {
    throw new OpError("OP_SHAPE", `A [${a.join(", ")}] and B [${b.join(", ")}] do not multiply`);
  }
  const batchA = a.slice(0, -2);
  const batchB = b.slice(0, -2);
  return {
    batch: broadcastDims(batchA, batchB), batchA, batchB, depth,
    rows: a.length === 1 ? null : (a.at(-2) ?? null),
    columns: b.length === 1 ? null : (b.at(-1) ?? null),
  };
}

function resultShape({ batch, rows, columns }: ProductPlan): readonly Dim[] | null {
  return batch && [...batch, ...[rows, columns].filter((dim) => dim !== null)];
}

function realMatMul(a: Tensor, b: Tensor): Float64Array {
  const left = realsOf(a, "A");
  const { rows, depth, columns, pairs } = batchesOf(a, b);
  const right = transposedAll(realsOf(b, "B"), depth, columns);
  const data = new Float64Array(pairs.length * rows * columns);
  pairs.forEach(([i, j], batch) => {
    const factors = { a: left.subarray(i * rows * depth), b: right.subarray(j * depth * columns), rows, depth, columns };
    realProduct(factors, data.subarray(batch * rows * columns));
  });
  return data;
}

function wholeMatMul(a: Tensor, b: Tensor): BigInt64Array {
  const left = wideOf(a);
  const { rows, depth, columns, pairs } = batchesOf(a, b);
  const right = transposedAll(wideOf(b), depth, columns);
  const data = new BigInt64Array(pairs.length * rows * columns);
  pairs.forEach(([i, j], batch) => {
    const factors = { a: left.subarray(i * rows * depth), b: right.subarray(j * depth * columns), rows, depth, columns };
    wholeProduct(factors, data.subarray(batch * rows * columns));
  });
  return data;
}

interface Batches {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** Which matrix of A meets which of B, for each matrix of Y. */
  readonly pairs: readonly (readonly [number, number])[];
}

function batchesOf(a: Tensor, b: Tensor): Batches {
  const plan = planProduct(a.shape, b.shape);
  const batch = (plan.batch ?? []).map(Number);
  const ofA = positionsIn(plan.batchA.map(Number), batch);
  const ofB = positionsIn(plan.batchB.map(Number), batch);
  const pairs = Array.from({ length: elementCount(batch) }, (_, i) => [ofA[i] ?? 0, ofB[i] ?? 0] as const);
  return { rows: Number(plan.rows ?? 1), depth: Number(plan.depth), columns: Number(plan.columns ?? 1), pairs };
}

/** [matrices, rows, columns] → [matrices, columns, rows]. */
function transposedAll<Data extends TensorData>(from: Data, rows: number, columns: number): Data {
  const to = from.slice() as Data;
  const size = rows * columns;
  for (let start = 0; start < from.length; start += size) {
    to.set(transposedMatrix(from.subarray(start, start + size) as Data, rows, columns) as never, start); // same array type
  }
  return to;
}
