import { type Adapter, type Bundle, type GoldenVector, digest } from "@edgewise/adapter";
import { type Graph, invariant } from "@edgewise/graph";
import { type Lock, type Verdict, canonicalText } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { Trouble } from "../disk/trouble.ts";
import { goldenVectors } from "./golden.ts";
import { findModels } from "./model-files.ts";
import { openModel } from "./model-graph.ts";
import { graphInPrecision } from "./recipe.ts";
import type { Workspace } from "./workspace.ts";

/** The graph a verdict ships: the model file's bytes, checked against the lock, in the candidate's precision. */
export async function candidateGraph(workspace: Workspace, lock: Lock, verdict: Verdict): Promise<Graph> {
  const { candidate } = verdict;
  const files = await findModels(workspace.root, workspace.spec.models);
  const file = files.find((model) => model.digest === candidate.model);
  if (file === undefined) {
    throw new Trouble([{ code: "MODEL_CHANGED", severity: "error", subject: { kind: "file", path: candidate.file }, summary: "The lock was made from other bytes of this model", expected: candidate.model, fix: "Run plan make again." }], 4);
  }
  const opened = await openModel(file);
  if (!opened.ok) throw new Trouble(opened.errors);
  const model = lock.models.find((facts) => facts.digest === candidate.model);
  invariant(model !== undefined, `the lock has facts of ${candidate.file}`);
  const calibration = lock.calibrations.find((fact) => fact.model === candidate.model) ?? null;
  const graph = graphInPrecision(opened.value, candidate.precision, { model, calibration });
  if (!graph.ok) throw new Trouble(graph.errors);
  return graph.value;
}

export function adapterOf(verdict: Verdict): Adapter {
  const adapter = adapters.find(({ runtime }) => runtime.id === verdict.candidate.runtime);
  invariant(adapter !== undefined, `an adapter for ${verdict.candidate.runtime}`);
  return adapter;
}

/** Keeps the plan's promise for one target: the same lock and model bytes give the same bundle bytes. */
export async function emitBundle(workspace: Workspace, lock: Lock, verdict: Verdict): Promise<Bundle> {
  const { candidate } = verdict;
  const graph = await candidateGraph(workspace, lock, verdict);
  const facts = lock.facts.find((entry) => entry.model === candidate.model && entry.precision === candidate.precision && entry.device === candidate.device
    && entry.runtime === candidate.runtime && entry.backend === candidate.backend);
  const device = workspace.devices.find(({ id }) => id === candidate.device);
  invariant(facts !== undefined && device !== undefined, `the lock has facts of ${candidate.id}`);
  const golden: readonly GoldenVector[] = await goldenVectors(workspace, graph, lock.contract);
  const bundle = await adapterOf(verdict).emit({
    graph, candidate, facts, device, golden,
    contract: lock.contract,
    licence: lock.models.find(({ digest: model }) => model === candidate.model)?.licence ?? null,
    plan: digest(canonicalText(lock.plan)), costs: verdict.costs,
  });
  if (!bundle.ok) throw new Trouble(bundle.errors, 3);
  return bundle.value;
}
