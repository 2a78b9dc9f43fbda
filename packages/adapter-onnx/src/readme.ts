import { type BundleFile, type EmitInput, costTable, textFile } from "@edgewise/adapter";
import type { ImageInput, InputContract, OutputContract } from "@edgewise/planner/schema";
import type { Vector } from "./golden.ts";
import { packageName } from "./package-file.ts";
import type { Ports } from "./ports.ts";
import { toleranceOf } from "./tolerance.ts";

export interface ReadmeFacts {
  readonly modelBytes: number;
  readonly ports: Ports;
  readonly vectors: readonly Vector[];
}

/** What a person needs to have the model answering in five minutes, with this model's own numbers. */
export function readmeFile(input: EmitInput, facts: ReadmeFacts): BundleFile {
  return textFile("README.md", [heading(input, facts), inNode(input), inBrowser(input), selfTest(input, facts), contract(input, facts), files(input, facts)].join("\n"));
}

function heading(input: EmitInput, { modelBytes }: ReadmeFacts): string {
  const { candidate, device, licence } = input;
  return `# ${candidate.target}

${candidate.file} in ${candidate.precision} for ${device.name} on ONNX Runtime ${candidate.runtimeVersion} (${candidate.backend}): \`model.onnx\`, ${modelBytes} bytes, and a typed wrapper that turns raw input into answers.
Licence of the model: ${licence ?? "not stated"}.
${costTable(input)}`;
}

interface CallWords {
  readonly create: string;
  readonly model: string;
  readonly call: string;
  readonly labelled: boolean;
}

function callWords({ contract: { input, output } }: EmitInput): CallWords {
  const labelled = output.kind === "labels";
  const given = input.kind === "image" ? "picture" : "values";
  return labelled ? { create: "createClassifier", model: "classifier", call: `classify(${given})`, labelled } : { create: "createPredictor", model: "predictor", call: `predict(${given})`, labelled };
}

function inNode(input: EmitInput): string {
  const { create, model, call, labelled } = callWords(input);
  const given = input.contract.input.kind === "image"
    ? "// RGBA bytes from any decoder, e.g. sharp(file).ensureAlpha().raw()\nconst picture = { data, width, height };" : "const values = new Float32Array(/* your numbers */);";
  return `## Use it in Node

    npm install onnxruntime-node@${input.candidate.runtimeVersion}

\`\`\`js
import * as ort from "onnxruntime-node";
import { readFile } from "node:fs/promises";
import { ${create}, modelUrl } from "./index.js"; // installed as a package: "${packageName(input.candidate.target)}"

const ${model} = await ${create}(ort, await readFile(new URL(modelUrl)));
${given}
const ${labelled ? "[best]" : "output"} = await ${model}.${call};
await ${model}.release();
\`\`\`
`;
}

function inBrowser(input: EmitInput): string {
  const { create, model, call, labelled } = callWords(input);
  const given = input.contract.input.kind === "image"
    ? "const picture = canvas.getContext(\"2d\").getImageData(0, 0, canvas.width, canvas.height);" : "const values = new Float32Array(/* your numbers */);";
  return `## Use it in a browser

    npm install onnxruntime-web@${input.candidate.runtimeVersion}

\`\`\`js
import * as ort from "onnxruntime-web/wasm";
import { ${create}, modelUrl } from "./index.js";

const ${model} = await ${create}(ort, modelUrl);
${given}
const ${labelled ? "[best]" : "output"} = await ${model}.${call};
\`\`\`

Give the picture in its own size: the wrapper resizes as the model was evaluated; a browser's own resizing is another filter.
`;
}

function selfTest({ graph, candidate }: EmitInput, { vectors }: ReadmeFacts): string {
  if (vectors.length === 0) return "The plan names no evaluation data: this bundle has no golden vectors and no self-test.\n";
  return `## Test it here

    npm install onnxruntime-node@${candidate.runtimeVersion} && node selftest.mjs

prints PASS when all ${vectors.length} golden vectors give the reference's tensor bit for bit and its output within ${toleranceOf(graph, candidate.precision).words}.
`;
}

function contract({ contract: { input, output } }: EmitInput, { ports }: ReadmeFacts): string {
  return `## What it computes

${inputWords(input)}
Model input \`${ports.input.name}\` [${ports.input.shape.join(", ")}], output \`${ports.output.name}\` [${ports.output.shape.join(", ")}], float32.
${outputWords(output)}
`;
}

function inputWords(input: InputContract): string {
  const numbers = `scale ${input.scale.map(fraction).join(", ")}, offset ${input.offset.map(fraction).join(", ")}`;
  if (input.kind === "tensor") return `Input: numbers; real = value * scale + offset with ${numbers}.`;
  return `Input: a picture; ${cropWords(input)}${input.color}, ${resizeWords(input)}; real = pixel * scale + offset with ${numbers}; ${input.layout.toUpperCase()}.`;
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
  if (filter === "none") return "already of the model's size";
  return `resized by ${filter}, ${fit}${fit === "contain" ? ` on ${pad}` : ""}`;
}

function outputWords(output: OutputContract): string {
  if (output.kind === "tensor") return "Output: the model's numbers as they are.";
  return `Output: ${output.labels.length} labels${output.labelOffset > 0 ? ` after the first ${output.labelOffset} outputs` : ""}${output.softmax ? ", softmax applied" : ""}, best ${output.topK}.`;
}

function files({ contract: { input } }: EmitInput, { vectors }: ReadmeFacts): string {
  const rows = [
    ["model.onnx", "the model; nothing else is needed at run time but the wrapper"],
    ["index.ts, index.js, index.d.ts", "the wrapper: TypeScript, and compiled"],
    ...(vectors.length === 0 ? [] : [["golden/", input.kind === "image" ? "pictures, their RGBA pixels, and expected outputs" : "inputs and expected outputs"], ["selftest.mjs", "runs golden/"]]),
    ["manifest.json", "the promises, and the digest of every file; `plan check` proves them"],
  ];
  return `## Files

| | |
|---|---|
${rows.map(([name, what]) => `| ${name} | ${what} |`).join("\n")}
`;
}
