import type { ValueId } from "@edgewise/graph";
import { packagePaths } from "../package-files.ts";
import { brokenFile } from "../problems.ts";
import type { Build } from "./build.ts";

/** Labels and probabilities of the program's classify operation; both null when it has none. Errors: COREML_LABELS. */
export function classLabels(build: Build): { readonly labels: readonly string[] | null; readonly probabilities: ValueId | null } {
  const operation = build.program.operations.find(({ type }) => type === "classify");
  if (operation === undefined) return { labels: null, probabilities: null };
  const [classes] = operation.inputs["classes"] ?? [];
  const [probabilities] = operation.inputs["probabilities"] ?? [];
  const bound = typeof classes === "string" ? build.constants.get(classes) : classes;
  const labels = bound?.kind === "strings" ? bound.strings : [];
  const type = typeof probabilities === "string" ? build.types.get(probabilities) : undefined;
  const count = type?.kind === "tensor" && !type.shape.includes(null) ? type.shape.reduce<number>((product, dim) => product * (dim ?? 1), 1) : null;
  const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
  if (type?.kind !== "tensor" || type.dtype !== "fp32" || count !== labels.length || repeated !== undefined) {
    build.problems.push(brokenFile(packagePaths.model, {
      code: "COREML_LABELS", summary: "The labels do not name the probabilities", keyPath: operation.name,
      found: repeated === undefined ? `${labels.length} labels for ${count ?? "an unknown number of"} probabilities` : `the label "${repeated}" twice`,
      expected: "one label, different from the others, for each float32 probability", fix: "Make the package again with the right labels.",
    }));
  }
  return { labels, probabilities: typeof probabilities === "string" ? probabilities : null };
}
