import { type Graph, type Node, type Tensor, arithmeticOf, interpret, invariant } from "@edgewise/graph";
import type { Runner } from "@edgewise/quantizer";
import { isolate } from "./isolate.ts";
import { type StepHistogram, addHistograms, stepHistogram } from "./steps.ts";

/** One node, given the reference's own integers, on another runtime. */
export interface OpAgreement {
  readonly node: string;
  readonly op: Node["op"];
  readonly steps: StepHistogram;
}

export interface OpAgreementRun {
  /** In int8, as it is emitted. */
  readonly graph: Graph;
  readonly samples: readonly ReadonlyMap<string, Tensor>[];
  readonly runner: Runner;
}

/**
 * Runs every node that makes stored integers by itself, each on the inputs that the reference interpreter has at that
 * place, and counts by how many steps the results differ. Differences cannot add up from node to node: what is found is
 * the node's own rounding.
 */
export async function opAgreement({ graph, samples, runner }: OpAgreementRun): Promise<readonly OpAgreement[]> {
  const nodes = graph.nodes.filter((node) => ["int8", "quantize"].includes(arithmeticOf(graph, node))).map((node) => ({ node, alone: isolate(graph, node) }));
  const fetch = [...new Set(nodes.flatMap(({ alone }) => [...alone.inputs, ...alone.outputs]))];
  const totals = nodes.map((): StepHistogram => [0]);
  for (const feeds of samples) {
    const reference = interpret(graph, feeds, { fetch });
    for (const [index, { alone }] of nodes.entries()) {
      const given = new Map(alone.inputs.map((id) => [id, known(reference, id)]));
      const found = await runner.run(alone, given, alone.outputs);
      for (const id of alone.outputs) totals[index] = addHistograms(totals[index] ?? [], stepHistogram(known(reference, id), known(found, id)));
    }
  }
  return nodes.map(({ node }, index) => ({ node: node.origin.node, op: node.op, steps: totals[index] ?? [] }));
}

function known(values: ReadonlyMap<string, Tensor>, id: string): Tensor {
  const value = values.get(id);
  invariant(value !== undefined, `${id} was computed`);
  return value;
}
