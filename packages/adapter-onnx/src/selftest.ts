import { type BundleFile, type EmitInput, textFile } from "@edgewise/adapter";
import type { Tolerance } from "@edgewise/quantizer";
import type { Vector } from "./golden.ts";
import { toleranceOf } from "./tolerance.ts";

/** `node selftest.mjs`: every golden vector from raw input to answer on the onnxruntime-node installed beside it. Without vectors there is nothing to prove, and no file. */
export function selftestFiles(input: EmitInput, vectors: readonly Vector[]): readonly BundleFile[] {
  if (vectors.length === 0) return [];
  const tolerance = toleranceOf(input.graph, input.candidate.precision);
  const { output } = input.contract;
  const shift = output.kind === "labels" && output.labelOffset > 0 ? ` + ${output.labelOffset}` : "";
  const create = output.kind === "labels" ? "createClassifier" : "createPredictor";
  return [textFile("selftest.mjs", `// Runs the golden vectors: raw input, tensor, output, answer. Usage: node selftest.mjs
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as wrapper from "./index.js";

const names = ${JSON.stringify(vectors.map(({ record }) => record.name))};

${allowedDifferencesText(tolerance)}

const ort = await import("onnxruntime-node").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("onnxruntime-node is not installed. Run: npm install onnxruntime-node@${input.candidate.runtimeVersion}");
  process.exit(1);
});

const here = (file) => new URL(file, import.meta.url);

/** The model's input, by the wrapper's own preprocessing. */
async function tensorOf({ start }) {
  const bytes = new Uint8Array(await readFile(here(start.file)));
  switch (start.kind) {
    case "rgba": return wrapper.toTensor({ data: bytes, width: start.widthPx, height: start.heightPx });
    case "values": return wrapper.toTensor(start.type === "float64" ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer));
    default: return new Float32Array(bytes.buffer);
  }
}

/** The reference's best class, or one that trails it there by less than what the two may differ. */
function sameBest(vector, output, allowed) {
  if (vector.answer === null) return true;
  const [found] = wrapper.toAnswers(output);
  const [best] = vector.answer;
  const lead = vector.output[best.index${shift}] - vector.output[found.index${shift}];
  return found.index === best.index || lead <= allowed[best.index${shift}] + allowed[found.index${shift}];
}

async function run(model, name) {
  const vector = JSON.parse(await readFile(here(\`golden/\${name}.json\`), "utf8"));
  const tensor = await tensorOf(vector);
  const same = createHash("sha256").update(new Uint8Array(tensor.buffer)).digest("hex") === vector.tensorSha256;
  const output = await model.run(tensor);
  const allowed = allowedDifferences(vector.output);
  const differences = vector.output.map((expected, i) => Math.abs(expected - output[i]));
  const close = output.length === vector.output.length && differences.every((difference, i) => difference <= allowed[i]);
  const passed = same && close && sameBest(vector, output, allowed);
  const answer = vector.answer === null ? "" : \`, answer \${wrapper.toAnswers(output)[0].label} (reference \${vector.answer[0].label})\`;
  console.log(\`\${passed ? "PASS" : "FAIL"} \${name}: tensor \${same ? "equal" : "DIFFERENT"}, largest difference \${Math.max(...differences).toPrecision(3)}\${close ? "" : ", MORE THAN ALLOWED"}\${answer}\`);
  return passed;
}

const model = await wrapper.${create}(ort, new Uint8Array(await readFile(here("model.onnx"))));
let failed = 0;
for (const name of names) failed += await run(model, name) ? 0 : 1;
await model.release();
console.log(failed === 0 ? \`PASS: \${names.length} of \${names.length} vectors\` : \`FAIL: \${failed} of \${names.length} vectors\`);
process.exitCode = failed === 0 ? 0 : 1;
`)];
}

/** `allowedDifferences` of this bundle, as the self-test computes it. */
function allowedDifferencesText({ relative, absolute, softmax, words }: Tolerance): string {
  const head = `// Outputs may differ from the reference by ${words}.`;
  if (softmax === null) {
    return `${head}
const allowedDifferences = (expected) => expected.map(() => ${relative} * Math.max(...expected.map(Math.abs)) + ${absolute});`;
  }
  const { logits, halfStep } = softmax;
  return `${head}
const allowedDifferences = (expected) => expected.map((probability) => ${absolute} + spread(probability));

/** How far a probability moves when every number before the softmax moves by at most ${logits}. */
function spread(probability) {
  const p = Math.min(1 - ${halfStep}, Math.max(${halfStep}, probability));
  const moved = (by) => Math.abs(p / (p + (1 - p) * Math.exp(by)) - p);
  return Math.max(moved(${2 * logits}), moved(${-2 * logits}));
}`;
}
