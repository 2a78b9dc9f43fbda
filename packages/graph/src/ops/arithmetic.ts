import type { Dim } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { broadcastDims, broadcastShape, expandTo, positionsIn } from "./broadcast.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf } from "./dims.ts";
import { type BigArray, type RealArray, isBig, required } from "./operand.ts";
import { fixedShape } from "./parameter.ts";
import { resultOf, roomFor } from "./result.ts";

/** What distinguishes one of Add, Sub, Mul, Div from another. */
export interface Arithmetic {
  readonly name: string;
  readonly summary: string;
  readonly spec: string;
  /** y[i] = a[i] ∘ b[i]; integer results wrap when stored. */
  reals(a: RealArray, b: RealArray, y: RealArray): void;
  bigs(a: BigArray, b: BigArray, y: BigArray): void;
  /** Known integers, before running; a name survives the op's neutral element. */
  dims(a: Dim, b: Dim): Dim | null;
  readonly evaluateInt8?: NonNullable<OpDef["evaluateInt8"]>;
}

/**
 * An op on pairs of numbers.
 *
 *   C[i] = A[i] ∘ B[i], shapes joined by broadcasting; clampMin and clampMax apply
 *
 * Integers wrap (two's complement). A and B have one type. Errors: OP_INPUT, OP_DTYPE for two types, OP_SHAPE.
 */
export function arithmetic(op: Arithmetic): OpDef {
  return {
    name: op.name,
    summary: op.summary,
    spec: op.spec,
    inputs: ["A", "B"],
    infer(inputs) {
      const a = required(inputs[0], "A");
      const b = required(inputs[1], "B");
      requireOneType(a, b);
      return [{ dtype: a.dtype, shape: broadcastDims(a.shape, b.shape), elements: knownElements(op, a, b) }];
    },
    work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
    evaluate(inputs, attrs) {
      const a = required(inputs[0], "A");
      const b = required(inputs[1], "B");
      requireOneType(a, b);
      const shape = broadcastShape(a.shape, b.shape);
      const data = roomFor(a.dtype, elementCount(shape));
      const left = expandTo(a, shape);
      const right = expandTo(b, shape);
      if (!isBig(left) && !isBig(right) && !isBig(data)) op.reals(left, right, data);
      else if (isBig(left) && isBig(right) && isBig(data)) op.bigs(left, right, data);
      clampInPlace(data, attrs);
      return [resultOf(a.dtype, shape, data)];
    },
    ...(op.evaluateInt8 ? { evaluateInt8: op.evaluateInt8 } : {}),
  };
}

function requireOneType(a: { readonly dtype: string }, b: { readonly dtype: string }): void {
  if (a.dtype !== b.dtype) throw new OpError("OP_DTYPE", `A and B have different types, ${a.dtype} and ${b.dtype}`);
}

function knownElements(op: Arithmetic, a: Fact, b: Fact): readonly (Dim | null)[] | null {
  const shapeA = fixedShape(a.shape);
  const shapeB = fixedShape(b.shape);
  if (!a.elements || !b.elements || !shapeA || !shapeB) return null;
  const shape = broadcastShape(shapeA, shapeB);
  const left = positionsIn(shapeA, shape);
  const right = positionsIn(shapeB, shape);
  return Array.from({ length: elementCount(shape) }, (_, i) => {
    const x = a.elements?.[left[i] ?? 0] ?? null;
    const y = b.elements?.[right[i] ?? 0] ?? null;
    return x === null || y === null ? null : op.dims(x, y);
  });
}
