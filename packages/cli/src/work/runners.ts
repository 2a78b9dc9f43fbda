import { elementCount, valueOf } from "@edgewise/graph";
import type { BundleRun, RunJob } from "./run-bundle.ts";
import { runCBundle } from "./run-c-bundle.ts";
import { runCoremlBundle } from "./run-coreml-bundle.ts";
import { runLitertBundle } from "./run-litert-bundle.ts";
import { runOnnxBundle } from "./run-onnx-bundle.ts";

/** What runs a bundle here, by the id of its runtime. One that is not here runs nowhere but on its device. */
const runners: ReadonlyMap<string, (job: RunJob) => Promise<readonly BundleRun[]>> = new Map(Object.entries({
  // A byte for each element of the network's input.
  "edgewise-c": ({ bundle, graph }: RunJob) => runCBundle(bundle, elementCount((valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number))),
  coreml: runCoremlBundle,
  litert: runLitertBundle,
  onnxruntime: runOnnxBundle,
}));

export async function runBundle(job: RunJob): Promise<readonly BundleRun[]> {
  const { target, runtime } = job.bundle.manifest.candidate;
  const run = runners.get(runtime);
  if (run !== undefined) return run(job);
  return [{ where: "nowhere", findings: [{ what: "a run", promised: "–", found: `${runtime} is not here: run the benchmark of bundles/${target} on the device, and import what it prints`, holds: null }] }];
}
