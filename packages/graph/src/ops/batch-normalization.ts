import type { Attrs } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { realAttr, wholeAttr } from "./attribute.ts";
import { countOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { resultOf } from "./result.ts";

/**
 * Normalizes each channel.
 *
 *   y = scale · (x − mean) / √(variance + epsilon) + B
 *   training_mode 0: mean and variance are inputs. training_mode 1: they are X's own (population variance), and
 *   running = input · momentum + own · (1 − momentum); epsilon 1e-5, momentum 0.9 unless given
 *
 * X [N, C, …] float; scale, B, mean, variance [C] → Y, and running_mean, running_var [C] in training. No int8 form.
 * Errors: OP_SHAPE for parameters that do not have C numbers. Source: onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export const batchNormalization: OpDef = {
  name: "BatchNormalization",
  summary: "y = scale · (x − mean) / √(variance + epsilon) + B",
  spec: "https://onnx.ai/onnx/operators/onnx__BatchNormalization.html",
  inputs: ["X", "scale", "B", "input_mean", "input_var"],
  infer(inputs, _attrs, outputCount) {
    const x = required(inputs[0], "X");
    const mean = required(inputs[3], "input_mean");
    const channels = x.shape === null ? null : (x.shape[1] ?? 1);
    const running: Fact = { dtype: mean.dtype, shape: channels === null ? mean.shape : [channels], elements: null };
    return [{ dtype: x.dtype, shape: x.shape, elements: null }, running, running].slice(0, outputCount);
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: 2 * countOf(outputs[0]) }),
  evaluate(inputs, attrs, outputCount) {
    const x = required(inputs[0], "X");
    const given = { mean: channelsOf(inputs[3], "input_mean", x), variance: channelsOf(inputs[4], "input_var", x) };
    const from = realsOf(x, "X");
    if (wholeAttr(attrs, "training_mode", 0) === 0) return [normalized(from, { x, inputs, attrs, ...given })];
    const own = momentsOf(from, x.shape);
    const momentum = realAttr(attrs, "momentum", 0.9);
    const blend = (input: RealArray, current: Float64Array): Float64Array => current.map((each, c) => (input[c] as number) * momentum + each * (1 - momentum));
    const dtype = required(inputs[3], "input_mean").dtype;
    const running = [blend(given.mean, own.mean), blend(given.variance, own.variance)].map((data) => resultOf(dtype, [data.length], data));
    return [normalized(from, { x, inputs, attrs, ...own }), ...running].slice(0, outputCount);
  },
};

interface Normalizing {
  readonly x: Tensor;
  readonly inputs: readonly (Tensor | null)[];
  readonly attrs: Attrs;
  readonly mean: RealArray;
  readonly variance: RealArray;
}

function normalized(from: RealArray, { x, inputs, attrs, mean, variance }: Normalizing): Tensor {
  const scale = channelsOf(inputs[1], "scale", x);
  const offset = channelsOf(inputs[2], "B", x);
  const epsilon = realAttr(attrs, "epsilon", 1e-5);
  const plane = elementCount(x.shape.slice(2));
  const data = new Float64Array(from.length);
  for (let start = 0; start < from.length; start += plane) {
    const c = (start / plane) % mean.length;
    const factor = (scale[c] as number) / Math.sqrt((variance[c] as number) + epsilon);
    const center = mean[c] as number;
    const shift = offset[c] as number;
    for (let i = start; i < start + plane; i++) data[i] = ((from[i] as number) - center) * factor + shift;
  }
  return resultOf(x.dtype, x.shape, data);
}

/** Mean and population variance of each channel of X [N, C, …]. */
function momentsOf(from: RealArray, shape: readonly number[]): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const channels = shape[1] ?? 1;
  const plane = elementCount(shape.slice(2));
  const count = from.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let i = 0; i < from.length; i++) addTo(mean, Math.floor(i / plane) % channels, (from[i] as number) / count);
  for (let i = 0; i < from.length; i++) {
    const c = Math.floor(i / plane) % channels;
    addTo(variance, c, ((from[i] as number) - (mean[c] as number)) ** 2 / count);
  }
  return { mean, variance };
}

function addTo(sums: Float64Array, at: number, amount: number): void {
  sums[at] = (sums[at] as number) + amount;
}

function channelsOf(operand: Tensor | null | undefined, name: string, x: Tensor): RealArray {
  const data = realsOf(required(operand, name), name);
  const channels = x.shape[1] ?? 1;
  if (data.length !== channels) throw new OpError("OP_SHAPE", `input ${name} has ${data.length} numbers for ${channels} channels`);
  return data;
}
