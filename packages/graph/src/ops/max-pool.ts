import type { Attrs } from "../graph.ts";
import { type OpDef } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { clampInPlace } from "./clamp.ts";
import { countOf, productOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { type PoolPlan, type Taps, inferPool, planPool } from "./pool-plan.ts";
import { maxPoolInt8 } from "./pool.int8.ts";
import { resultOf, roomFor } from "./result.ts";
import { kernelOf } from "./window.ts";

/**
 * Largest number of each sliding window.
 *
 *   y[n, c, o] = max over taps k inside the input of x[n, c, o · stride − pad + k · dilation]; then the fused clamp
 *   Indices = position of that number in all of X, the first among equals; storage_order 1 counts spatial dims column-major
 *
 * X [N, C, spatial…] any type but 64-bit integers, 1 to 3 spatial axes → Y [N, C, spatial…], Indices int64 (optional).
 * A window that lies in padding only gives the type's lowest number. Errors: OP_SHAPE, OP_ATTRIBUTE (see window.ts).
 * Source: onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export const maxPool: OpDef = {
  name: "MaxPool",
  summary: "largest number of each window",
  spec: "https://onnx.ai/onnx/operators/onnx__MaxPool.html",
  inputs: ["X"],
  infer(inputs, attrs, outputCount) {
    const x = required(inputs[0], "X");
    const shape = inferPool(x, attrs);
    const y = { dtype: x.dtype, shape, elements: null };
    return outputCount < 2 ? [y] : [y, { dtype: "int64", shape, elements: null }];
  },
  work: (_inputs, outputs, attrs) => ({ macs: 0, elementOps: countOf(outputs[0]) * Number(productOf(kernelOf(attrs))) }),
  evaluate(inputs, attrs, outputCount) {
    const x = required(inputs[0], "X");
    const plan = planPool(x.shape, attrs);
    const at = positionsOfMax(realsOf(x, "X"), plan);
    const data = roomFor(x.dtype, at.length) as RealArray; // 64-bit integers are refused above
    for (let i = 0; i < at.length; i++) data[i] = (at[i] as number) < 0 ? lowest(data) : (x.data[at[i] as number] as number);
    clampInPlace(data, attrs);
    const y = resultOf(x.dtype, plan.shape, data);
    return outputCount < 2 ? [y] : [y, indicesOf(at, { x, shape: plan.shape, attrs })];
  },
  evaluateInt8: maxPoolInt8,
};

/** Row-major positions in X of the windows' largest numbers; −1 for a window without a number. */
function positionsOfMax(x: RealArray, plan: PoolPlan): Int32Array {
  const [depth, rows, columns] = plan.taps;
  const at = new Int32Array(plan.planes * plan.outputPlane);
  let out = 0;
  for (let p = 0; p < plan.planes; p++) {
    for (let od = 0; od < depth.axis.output; od++) {
      for (let oh = 0; oh < rows.axis.output; oh++) {
        for (let ow = 0; ow < columns.axis.output; ow++) {
          at[out++] = maxOfWindow({ x, base: p * plan.inputPlane, depth, rows, columns }, [od, oh, ow]);
        }
      }
    }
  }
  return at;
}

interface Plane {
  readonly x: RealArray;
  readonly base: number;
  readonly depth: Taps;
  readonly rows: Taps;
  readonly columns: Taps;
}

function maxOfWindow({ x, base, depth, rows, columns }: Plane, [od, oh, ow]: readonly [number, number, number]): number {
  let best = -1;
  let max = -Infinity;
  const left = ow * columns.axis.stride - columns.axis.padStart;
  const lastColumn = columns.end[ow] as number;
  for (let kd = depth.first[od] as number; kd < (depth.end[od] as number); kd++) {
    const d = od * depth.axis.stride - depth.axis.padStart + kd * depth.axis.dilation;
    for (let kh = rows.first[oh] as number; kh < (rows.end[oh] as number); kh++) {
      const h = oh * rows.axis.stride - rows.axis.padStart + kh * rows.axis.dilation;
      const row = base + (d * rows.axis.input + h) * columns.axis.input + left;
      for (let kw = columns.first[ow] as number; kw < lastColumn; kw++) {
        const position = row + kw * columns.axis.dilation;
        const value = x[position] as number;
        if (value > max || best < 0 || (Number.isNaN(value) && !Number.isNaN(max))) {
          max = value;
          best = position;
        }
      }
    }
  }
  return best;
}

function lowest(data: RealArray): number {
  if (data instanceof Float32Array || data instanceof Float64Array) return -Infinity;
  const signed = data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array;
  return signed ? -(2 ** (8 * data.BYTES_PER_ELEMENT - 1)) : 0;
}

function indicesOf(at: Int32Array, of: { readonly x: Tensor; readonly shape: readonly number[]; readonly attrs: Attrs }): Tensor {
  const spatial = of.x.shape.slice(2);
  const plane = elementCount(spatial);
  const columnMajor = wholeAttr(of.attrs, "storage_order", 0) === 1;
  const data = BigInt64Array.from(at, (position) => {
    if (!columnMajor || position < 0) return BigInt(position);
    const within = position % plane;
    return BigInt(position - within + transposed(within, spatial));
  });
  return { dtype: "int64", shape: of.shape, data };
}

/** A row-major position, counted column-major. */
function transposed(position: number, dims: readonly number[]): number {
  let rest = position;
  let stride = elementCount(dims);
  let result = 0;
  for (const dim of dims.toReversed()) {
    stride /= dim;
    result += (rest % dim) * stride;
    rest = Math.floor(rest / dim);
  }
  return result;
}
