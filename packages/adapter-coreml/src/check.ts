import { type Bundle, checkFiles } from "@edgewise/adapter";
import type { PackageFile } from "@edgewise/formats/coreml";
import type { Diagnostic } from "@edgewise/graph";
import { checkContract } from "./check/contract.ts";
import { computeType } from "./lower.ts";
import { MODEL_FOLDER } from "./model-folder.ts";
import { type ModelSummary, summarizeModel } from "./model-summary.ts";
import { type CoremlPrecision, isCoremlPrecision } from "./runtime.ts";
import { libraryFolder } from "./swift/files.ts";

/** Proves from the bytes alone that the bundle is what its manifest says: files, program, types, labels, preprocessing. Runs nothing. */
export async function check(bundle: Bundle): Promise<readonly Diagnostic[]> {
  const problems = [...checkFiles(bundle)];
  const { target, precision, backend } = bundle.manifest.candidate;
  const folder = `${libraryFolder(target)}/${MODEL_FOLDER}/`;
  const path = `bundles/${target}/${folder.slice(0, -1)}`;
  const files = bundle.files.filter((file) => file.path.startsWith(folder)).map((file): PackageFile => ({ path: file.path.slice(folder.length), bytes: file.bytes }));
  if (files.length === 0) return problems.length > 0 ? problems : [{ code: "COREML_MODEL_MISSING", severity: "error", subject: { kind: "file", path }, summary: "The bundle has no model", expected: MODEL_FOLDER, fix: "Run plan emit again." }];
  if (!isCoremlPrecision(precision)) return [...problems, { code: "COREML_PRECISION", severity: "error", subject: { kind: "file", path }, summary: "Core ML programs are not written in this precision", found: precision, fix: "Run plan make again." }];
  const model = summarizeModel(files, path);
  if (!model.ok) return [...problems, ...model.errors];
  const { summary, read } = model.value;
  return [...problems, ...checkTypes(summary, { precision, backend, path }), ...checkPromises(summary, bundle, path), ...checkContract(bundle, { read, path })];
}

/** Stored type of weights in each precision; palettes of at most 16 entries, of any float type. */
const weightsOf: Readonly<Record<CoremlPrecision, string | null>> = { float32: "fp32", float16: "fp16", "int8-weights": "int8", "int4-palette": "palette", "int8-symmetric": "int8" };

interface TypeExpectation {
  readonly precision: CoremlPrecision;
  readonly backend: string;
  readonly path: string;
}

/** Weights that stay as they are in every precision: of one dim, or fewer than a table is worth. */
function checkTypes(summary: ModelSummary, { precision, backend, path }: TypeExpectation): readonly Diagnostic[] {
  const subject = { kind: "file", path } as const;
  const problems: Diagnostic[] = [];
  const stored = summary.weights.split(" ").map((entry) => entry.split(":")[0] ?? "");
  const want = weightsOf[precision];
  const compute = computeType({ precision, backend }) === "float16" ? "fp16" : "fp32";
  const compressed = precision !== "float32" && precision !== "float16";
  if (want !== null && stored.some((type) => type !== "none" && type !== want && !(compressed && type === compute)) || (compressed && summary.weights !== "none" && !stored.includes(want ?? ""))) {
    problems.push({ code: "COREML_WEIGHTS_NOT_QUANTIZED", severity: "error", subject, summary: `The weights are not ${want} throughout`, found: summary.weights, expected: want ?? "", fix: "Run plan emit again; a converter that changes nothing has not converted." });
  }
  if (summary.compute !== compute && summary.compute !== "none") {
    problems.push({ code: "COREML_COMPUTE_TYPE", severity: "error", subject, summary: "Layers compute in another type than promised", found: summary.compute, expected: compute, detail: "The Neural Engine takes float16 alone; a program in float32 never reaches it.", fix: "Run plan emit again." });
  }
  const activations = precision === "int8-symmetric" && summary.weights !== "none" ? "int8" : "none";
  if (summary.activations !== activations) {
    problems.push({ code: "COREML_ACTIVATIONS", severity: "error", subject, summary: "The activations are not rounded as promised", found: summary.activations, expected: activations, fix: "Run plan emit again." });
  }
  return problems;
}

function checkPromises(summary: ModelSummary, bundle: Bundle, path: string): readonly Diagnostic[] {
  const { promises } = bundle.manifest;
  return (Object.keys(summary) as (keyof ModelSummary)[]).filter((name) => promises[name] !== summary[name]).map((name) => ({
    code: "COREML_PROMISE_BROKEN", severity: "error", subject: { kind: "file", path }, summary: `The model's ${name} is not what the manifest promises`,
    found: String(summary[name]), expected: String(promises[name] ?? "nothing"), fix: "Run plan emit again.",
  }));
}

