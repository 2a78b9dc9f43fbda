import { type BundleFile, type EmitInput, costTable, textFile } from "@edgewise/adapter";
import type { ImageInput, InputContract, OutputContract } from "@edgewise/planner/schema";
import type { Tolerance } from "@edgewise/quantizer";
import { coordinates } from "./coordinates.ts";
import { nnapiNotice } from "./delegates/nnapi.ts";
import type { Placement } from "./delegates/placement.ts";
import { artifactsOf } from "./kotlin/gradle.ts";
import type { Vector } from "./golden.ts";
import { LABELS_FILE, MODEL_FILE } from "./metadata.ts";
import { PLACEMENT_FILE } from "./placement-file.ts";
import type { Port, Ports } from "./ports.ts";

export interface ReadmeFacts {
  readonly modelBytes: number;
  readonly ports: Ports;
  readonly vectors: readonly Vector[];
  readonly placement: Placement;
  readonly tolerance: Tolerance;
}

/** What a person needs to have the model answering on a phone, with this model's own numbers. */
export function readmeFile(input: EmitInput, facts: ReadmeFacts): BundleFile {
  return textFile("README.md", [heading(input, facts), placementText(input, facts), inAndroid(input.candidate.backend), contractText(input, facts), vectorsText(facts), files(input, facts)].join("\n"));
}

function heading(input: EmitInput, { modelBytes }: ReadmeFacts): string {
  const { candidate, device, licence } = input;
  return `# ${candidate.target}

${candidate.file} in ${candidate.precision} for ${device.name} on LiteRT ${candidate.runtimeVersion} (${candidate.backend}): \`model.tflite\`, ${modelBytes} bytes.
Licence of the model: ${licence ?? "not stated"}.
${costTable(input)}`;
}

/** Operators left to the CPU that the README names; the table has them all. */
const NAMED_LEFT = 5;

function placementText({ candidate: { backend } }: EmitInput, { placement: { unit, share, partitions, operators } }: ReadmeFacts): string {
  const left = operators.filter(({ delegated }) => !delegated);
  const rows = [...left].sort((a, b) => b.macs - a.macs).slice(0, NAMED_LEFT).map(({ op, node, rule }) => `| ${op} | ${node} | ${rule} |`);
  const table = rows.length === 0 ? "" : `\n| left to the CPU | layer | rule |\n|---|---|---|\n${rows.join("\n")}\n`;
  const notice = backend === "nnapi" ? `\n**${nnapiNotice.text}** (${nnapiNotice.source.url})\n` : "";
  return `## Where it runs

Predicted by documented rules, not measured: ${(100 * share).toFixed(1)} % of the multiply-accumulates on ${unit}, in ${partitions} ${partitions === 1 ? "subgraph" : "subgraphs"}; ${left.length} of ${operators.length} operators stay on the CPU.
\`${PLACEMENT_FILE}\` names the rule and its source for each operator. A run on the device decides: import its results with \`plan measure --import\`.
${table}${notice}`;
}

function inAndroid(backend: string): string {
  return `## Use it on Android

\`android/\` is a Gradle project: a library with a typed Kotlin API around the model, and a sample app that runs the golden vectors and the benchmark; [its README](android/README.md) has the steps.
minSdk is ${coordinates.value.minSdk}; from Google's Maven repository it takes

${artifactsOf(backend).map(({ coordinate, why }) => `- \`${coordinate}\`: ${why}`).join("\n")}

A backend that refuses the model, or whose library is not in the app, is named in \`refusals\` with its cause, and the next one is tried.
Give pictures in their own size: the library resizes them as the model was evaluated; another filter gives other answers.
`;
}

function contractText({ contract: { input, output } }: EmitInput, { ports }: ReadmeFacts): string {
  return `## What it computes

${inputWords(input)}
Model input ${portWords(ports.input)}, output ${portWords(ports.output)}.
${outputWords(output)}
`;
}

function portWords({ name, type, shape, quant }: Port): string {
  const stored = quant === null ? "" : `, real = ${quant.scale} * (stored - ${quant.zeroPoint})`;
  return `\`${name}\` [${shape.join(", ")}] ${type.toLowerCase()}${stored}`;
}

function inputWords(input: InputContract): string {
  const numbers = `scale ${input.scale.map(fraction).join(", ")}, offset ${input.offset.map(fraction).join(", ")}`;
  if (input.kind === "tensor") return `Input: numbers; real = value * scale + offset with ${numbers}.`;
  return `Input: a picture; ${cropWords(input)}${input.color}, ${resizeWords(input)}; real = pixel * scale + offset with ${numbers}.`;
}

/** 0.00392156862745098 as 1/255, where that is the same double. */
function fraction(value: number): string {
  const divisor = Math.round(1 / value);
  return value > 0 && value < 1 && 1 / divisor === value ? `1/${divisor}` : String(value);
}

function cropWords({ resize: { crop } }: ImageInput): string {
  return crop === null ? "" : `its middle ${crop.widthPx} x ${crop.heightPx} pixels, `;
}

function resizeWords({ resize: { filter, fit, pad } }: ImageInput): string {
  return filter === "none" ? "already of the model's size" : `resized by ${filter}, ${fit}${fit === "contain" ? ` on ${pad}` : ""}`;
}

function outputWords(output: OutputContract): string {
  if (output.kind === "tensor") return "Output: the model's numbers as they are.";
  return `Output: ${output.labels.length} labels${output.labelOffset > 0 ? ` after the first ${output.labelOffset} outputs` : ""}${output.softmax ? ", softmax applied" : ""}, best ${output.topK}.`;
}

function vectorsText({ vectors, tolerance }: ReadmeFacts): string {
  if (vectors.length === 0) return "The plan names no evaluation data: this bundle has no golden vectors.\n";
  return `## Golden vectors

${vectors.length} inputs in \`golden/\`, from raw input to answer. The model's input must be the same bytes; outputs may differ from the reference by ${tolerance.words}.
`;
}

function files({ contract: { input, output } }: EmitInput, { vectors }: ReadmeFacts): string {
  const rows = [
    [MODEL_FILE, "the model, with the contract as TensorFlow Lite metadata"],
    ...(output.kind === "labels" ? [[LABELS_FILE, "class names in output order, the same as inside of the model"]] : []),
    [PLACEMENT_FILE, "for each operator, the unit it is predicted to run on and the rule"],
    ...(vectors.length === 0 ? [] : [["golden/", input.kind === "image" ? "pictures, their RGBA pixels, and expected outputs" : "inputs and expected outputs"]]),
    ["android/", "a Gradle project: the library in Kotlin, a sample app with self-test and benchmark; its README has the steps"],
    ["manifest.json", "the promises, and the digest of every file; `plan check` proves them"],
  ];
  return `## Files

| | |
|---|---|
${rows.map(([name, what]) => `| ${name} | ${what} |`).join("\n")}
`;
}
