import { type Graph, type Node, type Quant, valueOf } from "@edgewise/graph";
import { type Axis, transposedAxes, windowOf } from "@edgewise/graph/ops";
import type { WeightFacts } from "./affine.ts";

/** Weights before and after rounding, and what they meet. */
export interface Rounded {
  readonly facts: WeightFacts;
  readonly quant: Quant;
  readonly stored: Int8Array;
  /** Mean of each input channel. */
  readonly means: readonly number[];
  /** For each tap of the kernel, the share of output positions that it gives a product; [1] without a kernel. */
  readonly coverage: readonly number[];
}

/**
 * Real biases, corrected so that rounding the weights leaves the mean of each output channel.
 *
 *   bias[c] += Σ_{k, tap} (weight[c, k, tap] − stored[c, k, tap] · scale[c]) · mean[k] · coverage[tap]
 *
 * weights [C, K, taps…] with the output channels first, or [K, C, taps…]. Source: Nagel et al. 2019, arxiv.org/abs/1906.04721,
 * section 4.2; the coverage accounts for padding, which adds nothing to a sum.
 */
export function correctedBias(bias: readonly number[], { facts, quant, stored, means, coverage }: Rounded): readonly number[] {
  const { shape, data, axis } = facts;
  const channels = bias.length;
  const block = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const taps = coverage.length;
  const depth = data.length / channels;
  const perChannel = depth / taps;
  // Grouped convolution: output channel c reads the input channels of its group.
  const groups = means.length / perChannel;
  const result = [...bias];
  for (let i = 0; i < data.length; i++) {
    const c = Math.floor(i / block) % channels;
    const k = axis === 0 ? Math.floor((i % depth) / taps) : Math.floor(i / (channels * block));
    const lost = (data[i] ?? 0) - (stored[i] ?? 0) * (quant.scale[c] ?? 1);
    const mean = means[Math.floor((c * groups) / channels) * perChannel + k] ?? 0;
    result[c] = (result[c] ?? 0) + lost * mean * (coverage[i % taps] ?? 1);
  }
  return result;
}

/** Coverage of the taps of a Conv or ConvTranspose, row-major; [1] for a matrix product. */
export function tapCoverage(graph: Graph, node: Node): readonly number[] {
  const dims = (position: number): readonly number[] => (valueOf(graph, node.inputs[position] ?? "").shape ?? []).slice(2).map(Number);
  if (node.op === "ConvTranspose") return transposedAxes(dims(0), dims(1), node.attrs).map(landingShares).reduce((down, across) => down.flatMap((share) => across.map((other) => share * other)));
  if (node.op !== "Conv") return [1];
  const { rows, columns } = windowOf(dims(0), dims(1), node.attrs);
  const across = shares(columns);
  return shares(rows).flatMap((down) => across.map((share) => down * share));
}

function shares({ input, kernel, stride, dilation, padStart, output }: Axis): readonly number[] {
  return Array.from({ length: kernel }, (_, tap) => {
    const positions = Array.from({ length: output }, (_position, at) => at * stride + tap * dilation - padStart);
    return positions.filter((position) => position >= 0 && position < input).length / output;
  });
}

function landingShares({ input, kernel, stride, dilation, padStart, output }: Axis): readonly number[] {
  return Array.from({ length: kernel }, (_, tap) => {
    const positions = Array.from({ length: input }, (_element, at) => at * stride + tap * dilation - padStart);
    return positions.filter((position) => position >= 0 && position < output).length / output;
  });
}
