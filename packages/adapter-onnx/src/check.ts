import { type Bundle, checkFiles } from "@edgewise/adapter";
import type { Diagnostic } from "@edgewise/graph";
import { type ModelSummary, summarizeModel } from "./model-summary.ts";
import { type OnnxPrecision, hasPrecision } from "./runtime.ts";

export const MODEL_FILE = "model.onnx";

/** How the bytes must look for a precision to be more than a name. */
const expected: Readonly<Record<OnnxPrecision, { readonly weights: string; readonly activations: string }>> = {
  float32: { weights: "float32", activations: "none" },
  float16: { weights: "float16", activations: "none" },
  "int8-weights": { weights: "int8", activations: "none" },
  int8: { weights: "int8", activations: "int8" },
};

/** Proves from the bytes alone that the bundle is what its manifest says: files, structure, ops, types. Runs nothing. */
export async function check(bundle: Bundle): Promise<readonly Diagnostic[]> {
  const problems = [...checkFiles(bundle)];
  const { target, precision } = bundle.manifest.candidate;
  const path = `bundles/${target}/${MODEL_FILE}`;
  const model = bundle.files.find((file) => file.path === MODEL_FILE);
  if (model === undefined) return problems.length > 0 ? problems : [{ code: "ONNX_MODEL_MISSING", severity: "error", subject: { kind: "file", path }, summary: "The bundle has no model", expected: MODEL_FILE, fix: "Run plan emit again." }];
  if (!hasPrecision(precision)) {
    return [...problems, { code: "ONNX_PRECISION", severity: "error", subject: { kind: "file", path: `bundles/${target}/manifest.json` }, summary: "The manifest names a precision that ONNX Runtime does not have", found: precision, expected: Object.keys(expected).join(", "), fix: "Run plan emit again." }];
  }
  const summary = summarizeModel(model.bytes, path);
  if (!summary.ok) return [...problems, ...summary.errors];
  return [...problems, ...checkTypes(summary.value, precision, path), ...checkPromises(summary.value, bundle, path)];
}

function checkTypes(summary: ModelSummary, precision: OnnxPrecision, path: string): readonly Diagnostic[] {
  const subject = { kind: "file", path } as const;
  const problems: Diagnostic[] = [];
  const weights = summary.weights.split(" ").map((entry) => entry.split(":")[0] ?? "");
  const want = expected[precision];
  if (weights.some((dtype) => dtype !== want.weights && dtype !== "none")) {
    problems.push({ code: "ONNX_WEIGHTS_NOT_QUANTIZED", severity: "error", subject, summary: `The weights are not ${want.weights} throughout`, found: summary.weights, expected: want.weights, fix: "Run plan emit again; a converter that changes nothing has not converted." });
  }
  if (summary.activations.split(" ").includes("uint8")) {
    problems.push({
      code: "ONNX_UINT8_ACTIVATIONS", severity: "error", subject, summary: "Activations are uint8", found: summary.activations, expected: "int8",
      detail: "uint8 activations times int8 weights saturate in onnxruntime on x86 CPUs with AVX2 and without VNNI: wrong sums, silently.",
      fix: "Quantize with int8 activations: plan emit does.",
    });
  } else if (summary.activations !== want.activations) {
    problems.push({ code: "ONNX_ACTIVATIONS", severity: "error", subject, summary: "The activations are not quantized as promised", found: summary.activations, expected: want.activations, fix: "Run plan emit again." });
  }
  return problems;
}

function checkPromises(summary: ModelSummary, bundle: Bundle, path: string): readonly Diagnostic[] {
  const { promises } = bundle.manifest;
  return (["ops", "weights", "activations", "inputs", "outputs", "modelBytes"] as const).filter((name) => promises[name] !== summary[name]).map((name) => ({
    code: "ONNX_PROMISE_BROKEN", severity: "error", subject: { kind: "file", path }, summary: `The model's ${name} is not what the manifest promises`,
    found: String(summary[name]), expected: String(promises[name] ?? "nothing"), fix: "Run plan emit again.",
  }));
}
