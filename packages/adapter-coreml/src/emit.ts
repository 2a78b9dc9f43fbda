import { type Bundle, type BundleFile, type EmitInput, digest, sealBundle, staleFacts } from "@edgewise/adapter";
import { packagePaths } from "@edgewise/formats/coreml";
import { type Graph, type Result, fail, invariant, ok, workOf } from "@edgewise/graph";
import { writeModel } from "./lower.ts";
import { summarizeModel } from "./model-summary.ts";
import { goldenFiles, goldenVectors } from "./golden.ts";
import { MODEL_FOLDER } from "./model-folder.ts";
import { portsOf } from "./ports.ts";
import { readmeFile } from "./readme.ts";
import { backends, isCoremlPrecision } from "./runtime.ts";
import { benchmarkFolder, libraryFolder, swiftFiles } from "./swift/files.ts";
import { toleranceOf } from "./tolerance.ts";
import { workflowFile } from "./workflow.ts";

/** model.mlpackage in the candidate's precision, a Swift package around it, golden vectors, a benchmark, a workflow for a Mac, a README. */
export async function emit(input: EmitInput): Promise<Result<Bundle>> {
  const { candidate, contract, graph } = input;
  const { precision, target } = candidate;
  invariant(isCoremlPrecision(precision), `a precision of Core ML: ${precision}`);
  const ports = portsOf(graph, candidate.file);
  if (!ports.ok) return ports;
  const model = writeModel(graph, { precision, backend: candidate.backend, contract });
  if (!model.ok) return model;
  const { written, target: deployment } = model.value;
  const stale = staleFacts(input, written.files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  if (stale.length > 0) return fail(...stale);
  const summary = summarizeModel(written.files, candidate.file);
  if (!summary.ok) return summary;
  const vectors = goldenVectors(input, { ports: ports.value, tolerance: toleranceOf(graph, { precision, backend: candidate.backend }) });
  const { summary: promises, read } = summary.value;
  const modelFiles = written.files.map(({ path, bytes }) => ({ path: `${libraryFolder(target)}/${MODEL_FOLDER}/${path}`, bytes }));
  const files = [
    ...modelFiles,
    ...swiftFiles({
      candidate, contract, ports: ports.value, deployment, units: unitsOf(candidate.backend),
      names: { input: written.inputNames[graph.inputs[0] ?? ""] ?? "", output: written.outputNames[graph.outputs[0] ?? ""] ?? "" },
      benchmark: { model: fileOf(modelFiles), hasGolden: vectors.length > 0, macs: macsByResult(read.graph) },
    }),
    ...goldenFiles(vectors, benchmarkFolder(target)),
    workflowFile(input, vectors.length > 0),
    readmeFile(input, { deployment, summary: promises, ports: ports.value, vectors }),
  ];
  return ok(sealBundle(input, { files, promises: { ...promises } }), model.warnings);
}

function unitsOf(backend: string): string {
  const found = backends.find(({ id }) => id === backend);
  invariant(found !== undefined, `a backend of Core ML: ${backend}`);
  return found.computeUnits;
}

/** The program's own file stands for the model: it names the digest-checked weights by position and size. */
function fileOf(files: readonly BundleFile[]): { readonly file: string; readonly sha256: string } {
  const found = files.find(({ path }) => path.endsWith(packagePaths.model));
  invariant(found !== undefined, "a package has a model");
  return { file: found.path, sha256: digest(found.bytes) };
}

/** Of the program as it is read back, so that the names are those of its results. */
function macsByResult(graph: Graph): readonly (readonly [result: string, macs: number])[] {
  return workOf(graph).nodes.filter(({ macs }) => macs > 0).map(({ node, macs }) => [node.outputs[0] ?? "", macs] as const);
}

