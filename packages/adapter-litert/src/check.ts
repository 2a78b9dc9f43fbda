import { type Bundle, checkFiles } from "@edgewise/adapter";
import { type TfliteDescription, readTfliteMetadata } from "@edgewise/formats/tflite";
import { type Diagnostic, invariant } from "@edgewise/graph";
import { checkContract } from "./check-contract.ts";
import { checkTypes } from "./check-types.ts";
import { MODEL_FILE } from "./metadata.ts";
import { type ModelSummary, summarizeModel } from "./model-summary.ts";
import { hasPrecision } from "./runtime.ts";

/** Proves from the bytes alone that the bundle is what its manifest says: files, operators, types, layout, contract. Runs nothing. */
export async function check(bundle: Bundle): Promise<readonly Diagnostic[]> {
  const problems = [...checkFiles(bundle)];
  const { target, precision } = bundle.manifest.candidate;
  const path = `bundles/${target}/${MODEL_FILE}`;
  const model = bundle.files.find((file) => file.path === MODEL_FILE);
  if (model === undefined) return problems.length > 0 ? problems : [{ code: "LITERT_MODEL_MISSING", severity: "error", subject: { kind: "file", path }, summary: "The bundle has no model", expected: MODEL_FILE, fix: "Run plan emit again." }];
  const summary = summarizeModel(model.bytes, path);
  if (!summary.ok) return [...problems, ...summary.errors];
  const metadata = readTfliteMetadata(model.bytes, { file: path });
  invariant(hasPrecision(precision), `a precision of LiteRT: ${precision}`);
  return [
    ...problems, ...checkTypes(summary.value, { precision, path, promised: bundle.manifest.promises["activations"] }), ...checkPromises(summary.value, bundle, path),
    ...(metadata.ok ? checkContract({ bundle, description: summary.value.description, metadata: metadata.value, path }) : metadata.errors),
  ];
}

function checkPromises(summary: ModelSummary & { readonly description: TfliteDescription }, bundle: Bundle, path: string): readonly Diagnostic[] {
  const { promises } = bundle.manifest;
  return (["ops", "weights", "activations", "inputs", "outputs", "modelBytes"] as const).filter((name) => promises[name] !== summary[name]).map((name) => ({
    code: "LITERT_PROMISE_BROKEN", severity: "error", subject: { kind: "file", path }, summary: `The model's ${name} is not what the manifest promises`,
    found: String(summary[name]), expected: String(promises[name] ?? "nothing"), fix: "Run plan emit again.",
  }));
}
