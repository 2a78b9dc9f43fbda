import { type Graph, type Tensor, type ValueId, interpret, invariant, valueOf } from "@edgewise/graph";
import { ranking } from "@edgewise/preprocess";
import type { Runner } from "@edgewise/quantizer";
import { type StepHistogram, addHistograms, stepHistogram } from "./steps.ts";

/** A whole network on another runtime beside the reference interpreter. */
export interface NetAgreement {
  readonly samples: number;
  /** Samples on which both name the same best class. */
  readonly sameBest: number;
  /** The value that was compared: the last stored integers before a softmax, which would hide or blow up what differs. */
  readonly value: ValueId;
  readonly steps: StepHistogram;
}

export interface NetAgreementRun {
  /** In int8, as it is emitted. */
  readonly graph: Graph;
  readonly samples: readonly ReadonlyMap<string, Tensor>[];
  readonly runner: Runner;
}

/** Runs the same inputs through both. Rounding differences of the layers add up on the way: this is what a user sees. */
export async function netAgreement({ graph, samples, runner }: NetAgreementRun): Promise<NetAgreement> {
  const value = lastStored(graph);
  let sameBest = 0;
  let steps: StepHistogram = [0];
  for (const feeds of samples) {
    const reference = interpret(graph, feeds, { fetch: [value] }).get(value);
    const found = (await runner.run(graph, feeds, [value])).get(value);
    invariant(reference !== undefined && found !== undefined, `${value} was computed`);
    steps = addHistograms(steps, stepHistogram(reference, found));
    if (best(reference) === best(found)) sameBest += 1;
  }
  return { samples: samples.length, sameBest, value, steps };
}

function best({ data }: Tensor): number {
  return ranking(Array.from(data as ArrayLike<number | bigint>, Number))[0] ?? -1;
}

/** From the first output upwards, past Dequantize, Quantize and Softmax, to the integers that rank the classes. */
function lastStored(graph: Graph): ValueId {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  let id = graph.outputs[0] ?? "";
  for (let node = producers.get(id); node !== undefined && ["Dequantize", "Quantize", "Softmax"].includes(node.op); node = producers.get(id)) id = node.inputs[0] ?? "";
  invariant(valueOf(graph, id).quant !== null, `${id} holds stored integers`);
  return id;
}
