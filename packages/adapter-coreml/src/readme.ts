import { type BundleFile, type EmitInput, costTable, textFile } from "@edgewise/adapter";
import type { DeploymentTarget } from "@edgewise/formats/coreml";
import type { InputContract, OutputContract } from "@edgewise/planner/schema";
import type { Vector } from "./golden.ts";
import { MODEL_FOLDER } from "./model-folder.ts";
import type { ModelSummary } from "./model-summary.ts";
import type { Ports } from "./ports.ts";
import { predictPlacement } from "./placement/predict.ts";
import { backends, isCoremlPrecision } from "./runtime.ts";
import { benchmarkFolder, libraryFolder } from "./swift/files.ts";
import { modelType } from "./swift/model.ts";
import { swiftModule } from "./swift/names.ts";
import { toleranceOf } from "./tolerance.ts";
import { WORKFLOW_FILE } from "./workflow.ts";

export interface ReadmeFacts {
  readonly deployment: DeploymentTarget;
  readonly summary: ModelSummary;
  readonly ports: Ports;
  readonly vectors: readonly Vector[];
}

/** What a person needs to have the model answering in an app, and what nobody has proved yet. */
export function readmeFile(input: EmitInput, facts: ReadmeFacts): BundleFile {
  return textFile("README.md", [heading(input, facts), usage(input), proofs(input, facts), placement(input), contract(input, facts), files(input, facts)].join("\n"));
}

function heading(input: EmitInput, { deployment, summary }: ReadmeFacts): string {
  const { candidate, device, licence } = input;
  return `# ${candidate.target}

${candidate.file} in ${candidate.precision} for ${device.name} on Core ML (${candidate.backend}): \`${MODEL_FOLDER}\`, ${summary.modelBytes} bytes, for ${deployment.replace("iOS", "iOS ")} and later, in a Swift package that turns raw input into answers.
Licence of the model: ${licence ?? "not stated"}.
${costTable(input)}`;
}

function usage({ contract, candidate }: EmitInput): string {
  const type = modelType(contract);
  const name = type.toLowerCase();
  const given = contract.input.kind === "image" ? ["let picture = try Picture(cgImage)", "picture"] : ["let values: [Double] = [/* your numbers */]", "values"];
  const call = contract.output.kind === "labels" ? `let answers = try await ${name}.classify(${given[1]})\nprint(answers.first?.label ?? "none", answers.first?.confidence ?? 0)` : `let output = try await ${name}.predict(${given[1]})`;
  return `## Use it in an app

Add this folder as a local package in Xcode (File, Add Package Dependencies, Add Local), with the library \`${swiftModule(candidate.target)}\`.

\`\`\`swift
import ${swiftModule(candidate.target)}

let ${name} = try await ${type}()
${given[0]}
${call}
\`\`\`

Every call throws \`ModelError\`, which names what went wrong. ${type}() compiles the model for the phone it runs on; \`${type}.compile()\` does so once and gives a folder to keep.
`;
}

function proofs({ graph, candidate, contract }: EmitInput, { vectors }: ReadmeFacts): string {
  const { precision, backend } = candidate;
  const tolerance = isCoremlPrecision(precision) ? toleranceOf(graph, { precision, backend }).words : "";
  return `## What has been proved, and what needs a Mac

| part | how far it was proved before you got it |
|---|---|
| \`${MODEL_FOLDER}\` | executed: read back from these bytes and run by a reference interpreter; every operation is typed by coremltools in this project's own tests |
| preprocessing and answers (\`Picture\`, \`Resize\`, \`Tensor\`, \`Answer\`) | executed: compiled by Swift 6 on Linux in this project's tests and compared with the reference, byte for byte |
| \`${modelType(contract)}\`, \`PixelBuffer\`, \`Benchmark\` | type-checked by Swift 6 against declarations of Core ML's public interface; never run there |
| \`App/BenchmarkApp.swift\`, \`Package.swift\` | parsed |
| ${WORKFLOW_FILE} | not run: it needs a Mac |
| that Core ML compiles the model, agrees with the golden vectors, and where it runs it | needs a Mac or an iPhone |
${vectors.length === 0 ? "\nThe plan names no evaluation data: this bundle has no golden vectors.\n" : `
On a Mac:

    swift run -c release selftest

prints PASS when all ${vectors.length} golden vectors feed the model byte for byte what the reference feeds it and give its output within ${tolerance}. Anywhere with Swift, \`swift run selftest --without-model\` proves all but the model.
`}
On an iPhone: \`App/BenchmarkApp.swift\` is the one source file of an app that prints the measurement; on a Mac \`swift run -c release benchmark\` does. Give what it prints to \`plan measure --import\`.
As a repository of its own on GitHub, \`${WORKFLOW_FILE}\` does all of this on a hosted Mac.
`;
}

function placement({ graph, candidate, facts: { delegateCoverage } }: EmitInput): string {
  const unitKind = backends.find(({ id }) => id === candidate.backend)?.unitKind ?? "cpu";
  if (delegateCoverage === undefined || !isCoremlPrecision(candidate.precision)) return "";
  const placements = predictPlacement(graph, { precision: candidate.precision, unitKind });
  const rows = placements.map(({ node, unitKind: on, macs, rule }) => `| ${node.origin.node} | ${node.op} | ${on} | ${macs} | ${rule.rule} ([source](${rule.source.url})) |`);
  return `## Predicted placement

Between ${(100 * delegateCoverage.low).toFixed(0)} % and ${(100 * delegateCoverage.high).toFixed(0)} % of the multiply-accumulates leave the CPU, ${(100 * delegateCoverage.expected).toFixed(0)} % by the rules below. Core ML decides on each device; \`swift run benchmark --placement\` prints what it decided.

| layer | op | unit | multiply-accumulates | rule |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function contract({ contract: { input, output } }: EmitInput, { summary }: ReadmeFacts): string {
  return `## What it computes

${inputWords(input)}
Model input \`${summary.inputs}\`, outputs \`${summary.outputs}\`.
${outputWords(output)}
`;
}

function inputWords(input: InputContract): string {
  const numbers = `scale ${input.scale.join(", ")}, offset ${input.offset.join(", ")}`;
  if (input.kind === "tensor") return `Input: numbers; real = value * scale + offset with ${numbers}.`;
  const { crop, filter, fit, pad } = input.resize;
  const cropped = crop === null ? "" : `its middle ${crop.widthPx} x ${crop.heightPx} pixels, `;
  const resized = filter === "none" ? "already of the model's size" : `resized by ${filter}, ${fit}${fit === "contain" ? ` on ${pad}` : ""}`;
  return `Input: a picture; ${cropped}${input.color}, ${resized}; real = pixel * scale + offset with ${numbers}, which are the model's first operations. Give it in its own size: another resizing is another model.`;
}

function outputWords(output: OutputContract): string {
  if (output.kind === "tensor") return "Output: the model's numbers as they are.";
  return `Output: ${output.labels.length} labels${output.labelOffset > 0 ? ` after the first ${output.labelOffset} outputs` : ""}${output.softmax ? ", softmax applied" : ""}, best ${output.topK} with their confidences.`;
}

function files({ candidate: { target }, contract: { input } }: EmitInput, { vectors }: ReadmeFacts): string {
  const rows = [
    [`${libraryFolder(target)}/`, "the library; nothing else is needed in an app"],
    [`${libraryFolder(target)}/${MODEL_FOLDER}/`, "the ML program and its weights"],
    [`${benchmarkFolder(target)}/`, "self-test and benchmark, for a Mac and for an app of their own"],
    ...(vectors.length === 0 ? [] : [[`${benchmarkFolder(target)}/golden/`, input.kind === "image" ? "pictures, their RGBA pixels, and expected outputs" : "inputs and expected outputs"]]),
    [WORKFLOW_FILE, "compiles, tests and times the model on a hosted Mac"],
    ["manifest.json", "the promises, and the digest of every file; `plan check` proves them"],
  ];
  return `## Files

| | |
|---|---|
${rows.map(([name, what]) => `| ${name} | ${what} |`).join("\n")}
`;
}
