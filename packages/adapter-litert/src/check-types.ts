import type { TfliteDescription } from "@edgewise/formats/tflite";
import type { Diagnostic } from "@edgewise/graph";
import type { LitertPrecision } from "./runtime.ts";
import type { ModelSummary } from "./model-summary.ts";

/** How the bytes must look for a precision to be more than a name. */
const expected: Readonly<Record<LitertPrecision, { readonly weights: readonly string[]; readonly activations: string }>> = {
  float32: { weights: ["FLOAT32"], activations: "FLOAT32" },
  float16: { weights: ["FLOAT16 unpacked"], activations: "FLOAT32" },
  "int8-weights": { weights: ["INT8 unpacked"], activations: "FLOAT32" },
  "int8-dynamic": { weights: ["INT8", "INT8 unpacked"], activations: "FLOAT32" },
  int8: { weights: ["INT8", "UINT8"], activations: "INT8" },
  int16x8: { weights: ["INT8"], activations: "INT16" },
};

export interface TypeCheck {
  readonly precision: LitertPrecision;
  readonly path: string;
  /** Types of activations in the manifest. */
  readonly promised: string | number | undefined;
}

/** Proves that the precision is in the weights and activations, not in the name alone. */
export function checkTypes(summary: ModelSummary & { readonly description: TfliteDescription }, { precision, path, promised }: TypeCheck): readonly Diagnostic[] {
  const want = expected[precision];
  const subject = { kind: "file", path } as const;
  const weights = summary.weights === "none" ? [] : summary.weights.split(", ").map((entry) => entry.replace(/:\d+$/, ""));
  const problems: Diagnostic[] = [];
  if (weights.some((type) => !want.weights.includes(type))) {
    problems.push({
      code: "LITERT_WEIGHTS_NOT_QUANTIZED", severity: "error", subject, summary: `The weights are not ${want.weights.join(" or ")} throughout`, found: summary.weights, expected: want.weights.join(" or "),
      fix: "Run plan emit again; a converter that changes nothing has not converted.",
    });
  }
  const { tensors, inputs, outputs } = summary.description;
  const ports = [...inputs, ...outputs].filter((index) => tensors[index]?.type === "UINT8");
  // Weights with a zero point are multiplied in uint8, between int8 or float ports, where the manifest says so.
  const unsigned = ports.length > 0 || (promised !== "UINT8" && tensors.some(({ type, scale }) => type === "UINT8" && scale.length > 0));
  if (unsigned) {
    problems.push({
      code: "LITERT_UINT8", severity: "error", subject, summary: "Tensors are uint8", found: ports.length > 0 ? `${tensors[ports[0] ?? -1]?.name}: UINT8` : "uint8 inside", expected: "int8",
      detail: "The Kotlin API and the golden vectors of this bundle are int8: read as uint8, every number is 128 off.", fix: "Quantize to int8: plan emit does.",
    });
  } else if (summary.activations !== "none" && summary.activations !== want.activations && !(precision === "int8" && promised === summary.activations && promised === "UINT8")) {
    problems.push({ code: "LITERT_ACTIVATIONS", severity: "error", subject, summary: "The activations are not of the type promised", found: summary.activations, expected: want.activations, fix: "Run plan emit again." });
  }
  return problems;
}
