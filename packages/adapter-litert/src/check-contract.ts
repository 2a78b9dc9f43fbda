import type { Bundle } from "@edgewise/adapter";
import { type TfliteDescription, type TfliteMetadata, labelsIn } from "@edgewise/formats/tflite";
import type { Diagnostic } from "@edgewise/graph";
import type { ImageInput, InputContract, LabelsOutput } from "@edgewise/planner/schema";
import { LABELS_FILE, normalizationOf } from "./metadata.ts";

export interface ContractCheck {
  readonly bundle: Bundle;
  readonly description: TfliteDescription;
  readonly metadata: TfliteMetadata | null;
  readonly path: string;
}

/** Compares what the model says of its input and labels, and how its input lies, with the contract. */
export function checkContract(about: ContractCheck): readonly Diagnostic[] {
  const { input, output } = about.bundle.manifest.contract;
  return [
    ...checkNormalization(about, input),
    ...(input.kind === "image" ? checkLayout(about, input) : []),
    ...(output.kind === "labels" ? checkLabels(about, output) : []),
  ];
}

function problem(path: string, about: Pick<Diagnostic, "code" | "summary" | "found" | "expected"> & { readonly detail?: string }): Diagnostic {
  return { severity: "error", subject: { kind: "file", path }, fix: "Run plan emit again.", ...about };
}

function checkNormalization({ metadata, path }: ContractCheck, input: InputContract): readonly Diagnostic[] {
  const [stated, wanted] = [metadata?.inputs[0]?.normalization ?? null, normalizationOf(input)];
  const text = ({ mean, std }: typeof wanted): string => `mean ${mean.join(", ")}, std ${std.join(", ")}`;
  if (stated !== null && text(stated) === text(wanted)) return [];
  return [problem(path, {
    code: "LITERT_INPUT_RANGE", summary: "The model's metadata normalize its input otherwise than the contract", found: stated === null ? "no normalization" : text(stated), expected: text(wanted),
    detail: "An app that trusts the metadata would feed numbers of another range, and the answers would be wrong without an error.",
  })];
}

function checkLayout({ bundle, description, metadata, path }: ContractCheck, input: ImageInput): readonly Diagnostic[] {
  const { promises, candidate: { resolution } } = bundle.manifest;
  const shape = description.tensors[description.inputs[0] ?? -1]?.shape ?? [];
  const layout = promises["layout"] === "nchw" ? "nchw" : "nhwc";
  const channels = input.color === "gray" ? 1 : 3;
  const size = metadata?.inputs[0]?.content?.kind === "image" ? metadata.inputs[0].content.sizePx : null;
  const heightPx = resolution?.heightPx ?? size?.height ?? shape[layout === "nhwc" ? 1 : 2] ?? 0;
  const widthPx = resolution?.widthPx ?? size?.width ?? shape[layout === "nhwc" ? 2 : 3] ?? 0;
  const wanted = layout === "nhwc" ? [shape[0], heightPx, widthPx, channels] : [shape[0], channels, heightPx, widthPx];
  if (shape.join() === wanted.join()) return [];
  return [problem(path, { code: "LITERT_LAYOUT", summary: "The model's input does not lie as promised", found: `[${shape.join(", ")}]`, expected: `[${wanted.join(", ")}], ${layout === "nhwc" ? "channels last" : "channels first"}` })];
}

function checkLabels({ bundle, metadata, path }: ContractCheck, { labels, labelOffset }: LabelsOutput): readonly Diagnostic[] {
  const { target } = bundle.manifest.candidate;
  const beside = bundle.files.find((file) => file.path === LABELS_FILE)?.bytes;
  const inside = metadata?.files[LABELS_FILE];
  const named = labelOffset > 0 || metadata?.outputs[0]?.labels?.file === LABELS_FILE;
  const wanted = labels.map((label) => label.replaceAll(/\s*[\r\n]+\s*/g, " "));
  return [
    ...labelProblems(`bundles/${target}/${LABELS_FILE}`, beside, wanted),
    ...labelProblems(path, named ? inside : undefined, wanted),
  ];
}

function labelProblems(path: string, bytes: Uint8Array | undefined, wanted: readonly string[]): readonly Diagnostic[] {
  if (bytes === undefined) return [problem(path, { code: "LITERT_LABELS_MISSING", summary: "The labels are missing", found: "none", expected: `${wanted.length} labels in ${LABELS_FILE}` })];
  const found = labelsIn(bytes);
  const at = wanted.findIndex((label, i) => found[i] !== label);
  if (at < 0 && found.length === wanted.length) return [];
  const place = at < 0 ? wanted.length : at;
  return [problem(path, { code: "LITERT_LABELS", summary: "The labels are not the contract's", found: `${found.length} labels, number ${place} ${JSON.stringify(found[place] ?? null)}`, expected: `${wanted.length} labels, number ${place} ${JSON.stringify(wanted[place] ?? null)}` })];
}
