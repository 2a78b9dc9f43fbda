import type { LoweredTflite, ProgramPort } from "@edgewise/formats/tflite";
import type { Tensor } from "@edgewise/graph";

/** Axes of the graph's [N, C, H, W] in the order of the file's [N, H, W, C]. */
const channelsLast: readonly number[] = [0, 2, 3, 1];

/** Axis i of the file's tensor is axis `axes[i]` of the graph's; null: the same order. */
export function axesOf(port: ProgramPort | undefined): readonly number[] | null {
  return port?.layout === "nhwc" ? channelsLast : null;
}

/** A tensor of the graph as the file's first input takes it. */
export function asInput({ inputs }: LoweredTflite, tensor: Tensor): Tensor {
  return turned(tensor, axesOf(inputs[0]));
}

/** A tensor of the graph as the file's first output gives it. */
export function asOutput({ outputs }: LoweredTflite, tensor: Tensor): Tensor {
  return turned(tensor, axesOf(outputs[0]));
}

/** y[i₀, i₁, …] = x with its axis `axes[k]` at iₖ. */
export function turned(tensor: Tensor, axes: readonly number[] | null): Tensor {
  if (axes === null) return tensor;
  const { shape, data } = tensor;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const to = axes.map((axis) => shape[axis] ?? 1);
  const from = axes.map((axis) => strides[axis] ?? 1);
  const result = data.slice();
  for (let position = 0; position < result.length; position++) {
    let [rest, source] = [position, 0];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const dim = to[axis] ?? 1;
      source += (rest % dim) * (from[axis] ?? 1);
      rest = Math.floor(rest / dim);
    }
    result[position] = data[source] ?? 0;
  }
  return { dtype: tensor.dtype, shape: to, data: result };
}
