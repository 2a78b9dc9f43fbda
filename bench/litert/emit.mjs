// Every TensorFlow Lite file of the corpus, read and written again as adapter-litert emits it, beside the file itself.
// Usage: npm run build; node bench/litert/emit.mjs FOLDER     writes FOLDER/<model>.{ours,corpus}.tflite and FOLDER/pairs.json
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { programBytes } from "../../packages/adapter-litert/dist/encode.js";
import { lowerForLitert } from "../../packages/adapter-litert/dist/lower.js";
import { describeTflite, readTflite } from "../../packages/formats/dist/tflite/index.js";
import { canonicalize } from "../../packages/graph/dist/passes/index.js";
import { corpusFolder } from "../../scripts/toolchain.mjs";

/** A file that its own runtime refuses (a scale's axis out of range) has no speed. */
const refused = ["person_detect"];

const value = (result) => {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
};

/** Integer weights of float layers are dequantized by an operator, or the kernels quantize their activations while running. */
function precisionOf({ values }, operators) {
  const facts = [...values.values()].filter(({ quant }) => quant !== null);
  if (facts.length === 0) return "float32";
  if (facts.some(({ constant }) => constant === null)) return "int8";
  return operators.some(({ op }) => op === "DEQUANTIZE") ? "int8-weights" : "int8-dynamic";
}

const [folder] = process.argv.slice(2);
const models = join(corpusFolder(), "models");
mkdirSync(folder, { recursive: true });
const pairs = [];
for (const file of readdirSync(models, { recursive: true }).filter((name) => name.endsWith(".tflite")).sort()) {
  const name = basename(file, ".tflite");
  const bytes = new Uint8Array(readFileSync(join(models, file)));
  const read = readTflite(bytes, { file });
  if (!read.ok || refused.includes(name)) {
    console.error(`left out: ${file} (${read.ok ? "refused by LiteRT" : read.errors[0].code})`);
    continue;
  }
  const graph = value(canonicalize(read.value));
  const precision = precisionOf(graph, value(describeTflite(bytes, { file })).operators);
  const ours = programBytes(value(lowerForLitert(graph, precision, { borders: "as-computed" })).program);
  writeFileSync(join(folder, `${name}.ours.tflite`), ours);
  copyFileSync(join(models, file), join(folder, `${name}.corpus.tflite`));
  pairs.push({ model: file, name, precision, oursBytes: ours.length, corpusBytes: bytes.length });
}
writeFileSync(join(folder, "pairs.json"), JSON.stringify(pairs, null, 2));
