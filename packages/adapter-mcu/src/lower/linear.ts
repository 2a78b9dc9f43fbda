import type { Graph, Node, Quant, ValueId } from "@edgewise/graph";
import { type Multiplier, activationRange, perTensor } from "@edgewise/graph/ops";
import { int32Constant } from "./constant.ts";
import type { Table } from "./builder.ts";

/** Largest sum of an int8 dot product that int32 holds, bias included. */
const ACCUMULATOR_LIMIT = 2 ** 31 - 1;

interface Folding {
  readonly graph: Graph;
  readonly bias: ValueId | null | undefined;
  /** Weights of output channel o are those at o · step + k · stride, k < taps. */
  readonly weights: Int8Array;
  readonly channels: number;
  readonly step: number;
  readonly stride: number;
  readonly inputZero: number;
  readonly weightZero: number;
}

/**
 * bias[o] - inputZero · Σ (w - weightZero) over the channel's weights
 *
 * Null when a sum could leave int32 on the way: kernels add w · x and - weightZero · x apart, so each tap counts
 * 128 · (|w| + |weightZero|).
 */
export function foldZeroPoint({ graph, bias, weights, channels, step, stride, inputZero, weightZero }: Folding): Int32Array | null {
  const plain = bias ? int32Constant(graph, bias) : null;
  const taps = weights.length / channels;
  const folded = new Int32Array(channels);
  for (let o = 0; o < channels; o++) {
    let sum = 0;
    let size = 0;
    for (let k = 0; k < taps; k++) {
      const weight = weights[o * step + k * stride] ?? 0;
      sum += weight - weightZero;
      size += Math.abs(weight) + Math.abs(weightZero);
    }
    const value = (plain === null ? 0 : (plain[plain.length === 1 ? 0 : o] ?? 0)) - inputZero * sum;
    if (Math.abs(value) + 128 * size > ACCUMULATOR_LIMIT) return null;
    folded[o] = value;
  }
  return folded;
}

export const scaledZeroPointsRule = "Weights with a zero point have one scale, not one a channel.";

/** Zero points beside a scale a channel: arithmetic that no reference kernel has. */
export function scaledZeroPoints(weight: Quant): boolean {
  return weight.scale.length > 1 && weight.zeroPoint.some((zero) => zero !== 0);
}

export const overflowRule = "A sum of this layer could leave 32 bits; the kernels accumulate in int32.";

/** Multiplier and shift a channel; one of each when all channels share them. */
export function scaleTables(multipliers: readonly Multiplier[]): readonly Table[] {
  const comment = `[${multipliers.length}]`;
  return [
    { field: "multiplier", use: "requantization", data: Int32Array.from(multipliers, (m) => m.multiplier), comment },
    { field: "shift", use: "requantization", data: Int8Array.from(multipliers, (m) => m.shift), comment },
  ];
}

/** Output zero point and the range of a fused activation. */
export function clampParameters(node: Node, output: Quant): Readonly<Record<string, number>> {
  const { min, max } = activationRange(output, node.attrs);
  return { out_zero: perTensor(output).zeroPoint, clamp_min: min, clamp_max: max };
}
