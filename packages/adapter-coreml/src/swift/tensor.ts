import { elementCount } from "@edgewise/graph";
import type { TensorInput } from "@edgewise/planner/schema";
import { swiftDouble, swiftList } from "./names.ts";

/** Tensor.swift of numbers: real = Float(value · scale + offset), one scale for all or one per index of the first axis after the batch. */
export function valuesTensorSource({ scale, offset }: TensorInput, shape: readonly number[]): string {
  const elements = elementCount(shape);
  const channels = scale.length > 1 || offset.length > 1 ? shape[1] ?? 1 : 1;
  return `/// real = Float(value * scale + offset), one number for each channel.
private let scale: [Double] = ${numbers(scale, channels)}
private let offset: [Double] = ${numbers(offset, channels)}

/// Numbers that share a channel lie together.
private let block = ${Math.max(1, elements / channels)}

/// ${elements} numbers → the model's input, [${shape.join(", ")}].
public func inputTensor(of values: [Double]) throws(ModelError) -> [Float] {
  guard values.count == ${elements} else { throw ModelError.valueCount(expected: ${elements}, found: values.count) }
  var tensor = [Float](repeating: 0, count: values.count)
  for (i, value) in values.enumerated() {
    guard value.isFinite else { throw ModelError.valueNotFinite(index: i) }
    tensor[i] = Float(value * scale[i / block] + offset[i / block])
  }
  return tensor
}
`;
}

function numbers(given: readonly number[], channels: number): string {
  return swiftList(Array.from({ length: channels }, (_, c) => swiftDouble(given[given.length === 1 ? 0 : c] ?? 0)));
}
