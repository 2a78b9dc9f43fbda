import { digest } from "@edgewise/adapter";
import { type Diagnostic, type Graph, type Tensor, invariant, valueOf } from "@edgewise/graph";
import type { TaskContract } from "@edgewise/planner/schema";
import { type Halves, type Sample, type SampleReader, indexDataset, openSamples, splitHalves } from "@edgewise/preprocess";
import { Trouble } from "../disk/trouble.ts";
import { diskData } from "./data-port.ts";
import type { Workspace } from "./workspace.ts";

/** Labelled data, split, and read one sample at a time through the contract. */
export interface OpenData {
  readonly halves: Halves<Sample>;
  readonly samples: readonly Sample[];
  readonly reader: SampleReader;
}

/** `data` by its role in the plan: labels are read for evaluation only. */
export async function openData(workspace: Workspace, role: "evaluation" | "calibration", contract: TaskContract): Promise<OpenData> {
  const data = workspace.spec.task[role]?.data ?? "";
  const port = diskData(workspace.root, data);
  const labels = role === "evaluation" && contract.output.kind === "labels" ? contract.output.labels : null;
  const indexed = await indexDataset({ port, kind: contract.input.kind, labels });
  if (!indexed.ok) throw new Trouble(indexed.errors);
  const reader = openSamples(indexed.value, port);
  const digests = new Map<string, string>();
  const errors: Diagnostic[] = [];
  for (const sample of indexed.value.samples) {
    const content = await reader.content(sample);
    if (content.ok) digests.set(sample.id, digest(content.value));
    else errors.push(...content.errors);
  }
  if (errors.length > 0) throw new Trouble(errors);
  return { samples: indexed.value.samples, reader, halves: splitHalves(indexed.value.samples, ({ id }) => digests.get(id) ?? "") };
}

/** The model's input for a sample, shaped and typed as the graph takes it. */
export async function inputOf(data: Pick<OpenData, "reader">, sample: Sample, about: { readonly graph: Graph; readonly contract: TaskContract }): Promise<Tensor> {
  const value = valueOf(about.graph, about.graph.inputs[0] ?? "");
  const shape = (value.shape ?? []).map((dim) => {
    invariant(typeof dim === "number", `the input ${value.id} has bound dims`);
    return dim;
  });
  const tensor = await data.reader.input(sample, { contract: about.contract.input, shape });
  if (!tensor.ok) throw new Trouble(tensor.errors);
  return tensor.value;
}
