import { type Bundle, type BundleFile, type EmitInput, digest, sealBundle, staleFacts } from "@edgewise/adapter";
import { labelFile } from "@edgewise/formats/tflite";
import { type Result, fail, ok } from "@edgewise/graph";
import { rulesOf } from "./delegates/backends.ts";
import { placementOf } from "./delegates/placement.ts";
import { modelBytes } from "./encode.ts";
import { goldenFiles, goldenVectors } from "./golden.ts";
import { lowerForLitert } from "./lower.ts";
import { kotlinFiles } from "./kotlin/files.ts";
import { LABELS_FILE, MODEL_FILE, pictureLayout } from "./metadata.ts";
import { summarizeModel } from "./model-summary.ts";
import { placementFile } from "./placement-file.ts";
import { portsOf } from "./ports.ts";
import { readmeFile } from "./readme.ts";
import { toleranceOf } from "./tolerance.ts";

/** model.tflite with the contract as metadata, labels, predicted placement, golden vectors from raw input to answer, an Android project, a README. */
export async function emit(input: EmitInput): Promise<Result<Bundle>> {
  const { candidate, contract, device, graph } = input;
  const lowered = lowerForLitert(graph, candidate.precision);
  if (!lowered.ok) return lowered;
  const ports = portsOf(lowered.value.program, candidate.file);
  if (!ports.ok) return ports;
  const model = modelBytes(lowered.value, contract);
  const summary = summarizeModel(model, MODEL_FILE);
  if (!summary.ok) return summary;
  const stale = staleFacts(input, model.length);
  if (stale.length > 0) return fail(...stale);
  const placement = placementOf(lowered.value.program, rulesOf(candidate.backend, device));
  const tolerance = toleranceOf(graph, candidate.precision);
  const vectors = goldenVectors(input, { lowered: lowered.value, tolerance });
  const { ops, weights, activations, inputs, outputs, modelBytes: bytes } = summary.value;
  const files: readonly BundleFile[] = [
    { path: MODEL_FILE, bytes: model }, ...labels(input), placementFile(placement, candidate.backend), ...goldenFiles(vectors),
    ...kotlinFiles({
      candidate, contract, ports: ports.value, layouts: { input: lowered.value.inputs[0]?.layout ?? "as-graph", output: lowered.value.outputs[0]?.layout ?? "as-graph" },
      model: { file: MODEL_FILE, sha256: digest(model) }, hasGolden: vectors.length > 0,
    }),
    readmeFile(input, { modelBytes: bytes, ports: ports.value, vectors, placement, tolerance }),
  ];
  const promises = { ops, weights, activations, inputs, outputs, layout: pictureLayout(lowered.value, contract.input), modelBytes: bytes, delegateCoverage: placement.share, delegatePartitions: placement.partitions };
  return ok(sealBundle(input, { files, promises }), lowered.warnings);
}

function labels({ contract: { output } }: EmitInput): readonly BundleFile[] {
  return output.kind === "labels" ? [{ path: LABELS_FILE, bytes: labelFile(output.labels) }] : [];
}
