import type { Attrs, Dim } from "../graph.ts";
import { type OpDef } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { positionsIn } from "./broadcast.ts";
import { countOf } from "./dims.ts";
import { reduceMeanInt8 } from "./mean.int8.ts";
import { type BigArray, type RealArray, isBig, required } from "./operand.ts";
import { axisFrom, knownWholes, wholesOf } from "./parameter.ts";
import { resultOf, roomFor } from "./result.ts";

/**
 * Mean along axes.
 *
 *   y = Σ data / count over the elements that differ only along `axes`; integer means lose their fraction
 *   axes left out or empty: all axes, or none with noop_with_empty_axes 1; keepdims 1 (default) leaves dims of 1
 *
 * data [any] number, axes int64 → reduced, same type. Errors: OP_ATTRIBUTE for an axis outside of the shape.
 * Source: onnx.ai/onnx/operators/onnx__ReduceMean.html
 */
export const reduceMean: OpDef = {
  name: "ReduceMean",
  summary: "mean along axes",
  spec: "https://onnx.ai/onnx/operators/onnx__ReduceMean.html",
  inputs: ["data", "axes?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "data");
    const axes = inputs[1] ? knownWholes(inputs[1]) : [];
    if (x.shape === null || axes === null) return [{ dtype: x.dtype, shape: null, elements: null }];
    return [{ dtype: x.dtype, shape: reduced(x.shape, reducedAxes(axes, x.shape.length, attrs), attrs), elements: null }];
  },
  work: (inputs) => ({ macs: 0, elementOps: countOf(inputs[0]) }),
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "data");
    const axes = reducedAxes(inputs[1] ? wholesOf(inputs[1]) : [], x.shape.length, attrs);
    const kept = x.shape.map((dim, axis) => (axes.has(axis) ? 1 : dim));
    const at = positionsIn(kept, x.shape);
    const data = isBig(x.data) ? roomFor(x.dtype, elementCount(kept)) : new Float64Array(elementCount(kept));
    const count = x.shape.reduce((n, dim, axis) => n * (axes.has(axis) ? dim : 1), 1);
    if (isBig(x.data) && isBig(data)) meanOfBigs(x.data, at, { data, count });
    else if (!isBig(x.data) && !isBig(data)) meanOfReals(x.data, at, { data, count });
    return [resultOf(x.dtype, reduced(x.shape, axes, attrs), data)];
  },
  evaluateInt8: reduceMeanInt8,
};

function reducedAxes(axes: readonly number[], rank: number, attrs: Attrs): ReadonlySet<number> {
  if (axes.length > 0) return new Set(axes.map((axis) => axisFrom(axis, rank)));
  return wholeAttr(attrs, "noop_with_empty_axes", 0) === 1 ? new Set() : new Set(Array.from({ length: rank }, (_, axis) => axis));
}

function reduced<D extends Dim>(shape: readonly D[], axes: ReadonlySet<number>, attrs: Attrs): (D | 1)[] {
  if (wholeAttr(attrs, "keepdims", 1) === 0) return shape.filter((_, axis) => !axes.has(axis));
  return shape.map((dim, axis) => (axes.has(axis) ? 1 : dim));
}

function meanOfReals(x: RealArray, at: Int32Array, { data, count }: { readonly data: RealArray; readonly count: number }): void {
  for (let i = 0; i < x.length; i++) data[at[i] as number] = (data[at[i] as number] as number) + (x[i] as number);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) / count;
}

function meanOfBigs(x: BigArray, at: Int32Array, { data, count }: { readonly data: BigArray; readonly count: number }): void {
  for (let i = 0; i < x.length; i++) data[at[i] as number] = (data[at[i] as number] as bigint) + (x[i] as bigint);
  for (let i = 0; i < data.length; i++) data[i] = count === 0 ? 0n : (data[i] as bigint) / BigInt(count);
}
