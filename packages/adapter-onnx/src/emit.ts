import { type Bundle, type EmitInput, sealBundle, staleFacts } from "@edgewise/adapter";
import { writeOnnx } from "@edgewise/formats/onnx";
import { type Result, fail, ok } from "@edgewise/graph";
import { MODEL_FILE } from "./check.ts";
import { goldenFiles, goldenVectors } from "./golden.ts";
import { summarizeModel } from "./model-summary.ts";
import { readmeFile } from "./readme.ts";
import { packageFile } from "./package-file.ts";
import { portsOf } from "./ports.ts";
import { selftestFiles } from "./selftest.ts";
import { wrapperFiles } from "./wrapper/files.ts";

/** model.onnx in the candidate's precision, a typed wrapper, golden vectors from raw input to answer, a self-test, a README. */
export async function emit(input: EmitInput): Promise<Result<Bundle>> {
  const written = writeOnnx(input.graph);
  const summary = summarizeModel(written.model, MODEL_FILE);
  if (!summary.ok) return summary;
  const ports = portsOf(input.graph, input.candidate.file);
  if (!ports.ok) return ports;
  const vectors = goldenVectors(input, ports.value);
  const stale = staleFacts(input, written.model.length);
  if (stale.length > 0) return fail(...stale);
  const { ops, weights, activations, inputs, outputs, modelBytes } = summary.value;
  const files = [
    { path: MODEL_FILE, bytes: written.model },
    ...await wrapperFiles(input, ports.value),
    ...goldenFiles(vectors),
    ...selftestFiles(input, vectors),
    packageFile(input, vectors.length > 0), readmeFile(input, { modelBytes, ports: ports.value, vectors }),
  ];
  return ok(sealBundle(input, { files, promises: { ops, weights, activations, inputs, outputs, opset: written.opset, irVersion: written.irVersion, modelBytes } }));
}
