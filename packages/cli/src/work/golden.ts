import type { GoldenVector } from "@edgewise/adapter";
import { type Graph, type Tensor, interpret, invariant } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import type { TaskContract } from "@edgewise/planner/schema";
import { inputOf, openData } from "./samples.ts";
import type { Workspace } from "./workspace.ts";

/** Vectors a bundle ships: enough to touch several classes, few enough to stay small. */
const GOLDEN_VECTORS = 4;

interface Reference {
  readonly raw: Uint8Array;
  readonly input: Tensor;
  readonly output: Tensor;
}

/** The first samples of the confirmation half, and what the reference interpreter answers. */
export async function vectorsOf(workspace: Workspace, graph: Graph, contract: TaskContract): Promise<readonly Reference[]> {
  if (workspace.spec.task.evaluation === null) return [];
  const data = await openData(workspace, "evaluation", contract);
  const chosen = [...data.halves.confirmation, ...data.halves.selection].slice(0, GOLDEN_VECTORS);
  return Promise.all(chosen.map(async (sample): Promise<Reference> => {
    const content = await data.reader.content(sample);
    invariant(content.ok, `${sample.id} was read before`);
    const input = await inputOf(data, sample, { graph, contract });
    const [from = "", to = ""] = [graph.inputs[0], graph.outputs[0]];
    const output = interpret(graph, new Map([[from, input]])).get(to);
    invariant(output !== undefined, `the graph returns ${to}`);
    return { raw: content.value, input, output };
  }));
}

/** Golden vectors of a bundle, from raw input to answer. */
export async function goldenVectors(workspace: Workspace, graph: Graph, contract: TaskContract): Promise<readonly GoldenVector[]> {
  const vectors = await vectorsOf(workspace, graph, contract);
  return vectors.map(({ raw, input, output }, index) => ({
    name: `vector${index}`, raw: { kind: contract.input.kind, bytes: raw }, input: encodeTensor(input), output: encodeTensor(output),
  }));
}
