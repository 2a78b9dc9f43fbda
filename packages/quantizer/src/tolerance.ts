import { type Graph, arithmeticOf, valueOf } from "@edgewise/graph";

/** By how much one output of a runtime may differ from the reference interpreter's. */
export interface Tolerance {
  /** |found − expected| ≤ relative · max |expected| + absolute, and on top what the softmax explains. */
  readonly relative: number;
  readonly absolute: number;
  /** Null where the network does not end in one. */
  readonly softmax: SoftmaxTolerance | null;
  readonly words: string;
}

export interface SoftmaxTolerance {
  /** By how much each number that enters may differ. */
  readonly logits: number;
  /** Half a step of the stored probabilities. */
  readonly halfStep: number;
}

/** Float layers around integer ones see inputs a step apart. */
const INSIDE_RELATIVE = 2e-2;

/** A softmax in int8 is a step from the reference on equal numbers; its reader rounds once more. */
const SOFTMAX_STEPS = 2;

/** A share of the largest output: float sums are taken in another order on each machine. */
export function relativeTolerance(relative: number, why: string): Tolerance {
  return { relative, absolute: 0, softmax: null, words: `${relative} of the largest output (${why})` };
}

/** Steps of the output's scale, for a network of int8 layers; a share of the largest output where its last layers are float. */
export function integerTolerance(graph: Graph): Tolerance {
  const { scale, logitScale } = outputScales(graph);
  if (scale === null) return relativeTolerance(INSIDE_RELATIVE, "int8 inside");
  const steps = int8Steps(graph);
  if (logitScale === null) return { relative: 0, absolute: steps * scale, softmax: null, words: `${steps} steps of the output's scale ${scale} (int8)` };
  return { relative: 0, absolute: SOFTMAX_STEPS * scale, softmax: { logits: steps * logitScale, halfStep: scale / 2 }, words: `${SOFTMAX_STEPS} steps of the output's scale ${scale}, and what ${steps} steps of ${logitScale} before the softmax explain (int8)` };
}

/**
 * How far a probability moves when every number before the softmax moves by at most `logits`.
 *
 *   p / (p + (1 − p) · e^(∓2 · logits)) − p, the larger of both directions
 *
 * A stored p stands for half a step around it. Confident answers hardly move; at p = 1/2 it is tanh(logits) / 2.
 */
export function probabilitySpread(p: number, { logits, halfStep }: SoftmaxTolerance): number {
  const within = Math.min(1 - halfStep, Math.max(halfStep, p));
  const moved = (by: number): number => Math.abs(within / (within + (1 - within) * Math.exp(by)) - within);
  return Math.max(moved(2 * logits), moved(-2 * logits));
}

/** Allowed difference of each output. */
export function allowedDifferences(expected: readonly number[], { relative, absolute, softmax }: Tolerance): readonly number[] {
  const flat = relative * Math.max(...expected.map(Math.abs)) + absolute;
  return expected.map((value) => flat + (softmax === null ? 0 : probabilitySpread(value, softmax)));
}

/**
 * Steps before a closing softmax, or of the output: ⌈3 · √n⌉ for n integer layers that compute. On equal inputs one layer
 * differs by at most one step, either way; n of them add up like a random walk, of which this is three deviations.
 */
function int8Steps(graph: Graph): number {
  const computing = graph.nodes.filter((node) => arithmeticOf(graph, node) === "int8" && !moving.includes(node.op));
  return Math.ceil(3 * Math.sqrt(computing.length));
}

const moving: readonly string[] = ["Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity", "Concat", "Split", "Slice", "Pad", "Gather", "MaxPool", "GlobalMaxPool", "Min", "Max"];

/** Scales of the int8 values behind the output and before its softmax; null where the last layers are float, or none is a softmax. */
function outputScales(graph: Graph): { readonly scale: number | null; readonly logitScale: number | null } {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  const scaleOf = (id: string): number | null => valueOf(graph, id).quant?.scale[0] ?? null;
  let id = graph.outputs[0] ?? "";
  for (let node = producers.get(id); node?.op === "Dequantize" || node?.op === "Quantize"; node = producers.get(id)) id = node.inputs[0] ?? "";
  const softmax = producers.get(id);
  return { scale: scaleOf(id), logitScale: softmax?.op === "Softmax" ? scaleOf(softmax.inputs[0] ?? "") : null };
}
