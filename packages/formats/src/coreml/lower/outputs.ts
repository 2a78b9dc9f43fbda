import { type Value, type ValueId, valueOf } from "@edgewise/graph";
import { type MilDType, stringValue, tensorType } from "../mil.ts";
import type { ClassifierFeatures, Feature } from "../model.ts";
import { addOperation, type Draft, typeOf } from "./draft.ts";
import { arrayFeature, borderDType, featureDType, portProblem } from "./ports.ts";
import { nameOf } from "./use.ts";

/** Reserves the name of an output: whatever makes the value gives it this name, or a cast to float32 does. */
export function reserveOutput(draft: Draft, id: ValueId): string {
  const value = valueOf(draft.graph, id);
  const isMade = value.constant === null && !draft.graph.inputs.includes(id);
  const name = draft.names.fresh(isMade ? id : `${id}_output`);
  if (isMade && value.quant === null && !isNarrowed(draft, value)) draft.bound.set(id, name);
  return name;
}

/** float32 values that are computed in float16 are cast back at the border. */
function isNarrowed(draft: Draft, { dtype }: Value): boolean {
  return dtype === "float32" && draft.compute === "fp16";
}

/** What remains to be done for an output, and its feature; null after a problem. */
export function addOutput(draft: Draft, id: ValueId, name: string): Feature | null {
  const value = valueOf(draft.graph, id);
  const border = borderDType(value);
  const dtype = border === null ? null : featureDType(border, draft.target);
  if (border === null || dtype === null) {
    draft.problems.push(portProblem("COREML_OUTPUT", id, {
      summary: `The output ${id} cannot be a feature`, found: value.dtype,
      expected: "float32, float16 (from iOS16), int32, or int8 with a scale", fix: "Emit a model whose outputs are float32.",
    }));
    return null;
  }
  const { shape } = typeOf(draft, id);
  finish(draft, { id, name, border });
  return arrayFeature(name, { dtype, shape: shape.includes(null) ? [] : shape.map(Number), flexibility: null });
}

function finish(draft: Draft, { id, name, border }: { readonly id: ValueId; readonly name: string; readonly border: MilDType }): void {
  const from = nameOf(draft, id);
  if (from === name) return;
  const { dtype, shape } = typeOf(draft, id);
  const outputs = [{ name, type: tensorType(border, shape) }];
  if (dtype === border) addOperation(draft, { type: "identity", inputs: { x: from }, outputs });
  else addOperation(draft, { type: "cast", inputs: { x: from, dtype: stringValue(border) }, outputs });
}

export interface Classifying {
  readonly output: ValueId;
  /** Name of the probabilities in the program. */
  readonly probabilities: string;
  readonly labels: readonly string[];
}

/**
 * classify: the label with the greatest probability, and all of them by label.
 *
 *   probabilities float32, as many elements as labels; no two labels equal
 *
 * Errors: COREML_LABELS. Source: apple.github.io/coremltools, MIL ops, classify
 */
export function addClassifier(draft: Draft, { output, probabilities, labels }: Classifying): { readonly features: readonly Feature[]; readonly classifier: ClassifierFeatures } | null {
  const { dtype, shape } = valueOf(draft.graph, output);
  const count = (shape ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
  const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
  if (dtype !== "float32" || count !== labels.length || repeated !== undefined || labels.includes("")) {
    draft.problems.push(portProblem("COREML_LABELS", output, {
      summary: `These labels do not name the numbers of ${output}`, found: repeated === undefined ? `${labels.length} labels for ${dtype}[${(shape ?? []).join(", ")}]` : `the label "${repeated}" twice`,
      expected: "one label, different from the others, for each number of a float32 output", fix: "Correct the list of labels.",
    }));
    return null;
  }
  const names = { label: draft.names.fresh("classLabel"), probabilities: draft.names.fresh("classLabel_probs") };
  const text = tensorType("string", []);
  draft.operations.push({
    type: "classify", name: draft.names.fresh("classify"), attributes: {},
    inputs: { probabilities: [probabilities], classes: [{ kind: "strings", type: { kind: "list", element: text, count: labels.length }, strings: labels }] },
    outputs: [{ name: names.label, type: text }, { name: names.probabilities, type: { kind: "dictionary", key: text, value: tensorType("fp64", []) } }],
  });
  return { classifier: names, features: [{ name: names.label, description: "", type: { kind: "string" } }, { name: names.probabilities, description: "", type: { kind: "dictionary", key: "string" } }] };
}
