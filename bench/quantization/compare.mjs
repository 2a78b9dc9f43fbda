// Accuracy of our int8 quantization beside onnxruntime's own static quantization: same float model, same calibration
// inputs, same test inputs, paired. Ours runs in the reference interpreter (the arithmetic that emitted C has), theirs in
// onnxruntime-node. Usage: npm run build; python prepare.py CORPUS DIR; node bench/quantization/compare.mjs DIR
//   [--models=a,b] [--recipes=mse,mse+bias] [--samples=1000]   rows go to standard output; without a flag also to
// bench/results/quantization.csv (about 4 minutes on one core).
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readOnnx, writeOnnx } from "../../packages/formats/dist/onnx/index.js";
import { bindDims, openDims, prepareInterpreter } from "../../packages/graph/dist/index.js";
import { canonicalize } from "../../packages/graph/dist/passes/index.js";
import { calibrate, quantizeGraph } from "../../packages/quantizer/dist/index.js";

const ort = createRequire(import.meta.url)("onnxruntime-node");
const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" };
const [directory, ...flags] = process.argv.slice(2);
const listed = (name) => flags.find((flag) => flag.startsWith(`--${name}=`))?.split("=")[1]?.split(",") ?? null;
const maxSamples = Number(listed("samples")?.[0] ?? Infinity);
/** Our recipes: range method, and whether the biases are corrected. The recommended one unless others are asked for. */
const recipes = ["min-max", "percentile", "mse"]
  .flatMap((method) => [{ id: method, method, corrected: false }, { id: `${method}+bias`, method, corrected: true }])
  .filter(({ id }) => (listed("recipes") ?? ["min-max+bias"]).includes(id));

const value = (result) => {
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 2));
  return result.value;
};

function load(name) {
  const at = (file) => join(directory, name, file);
  const { labels, shape, calibration, input } = JSON.parse(readFileSync(at("labels.json"), "utf8"));
  const size = shape.reduce((product, dim) => product * dim, 1);
  const samples = (file) => {
    const bytes = readFileSync(at(file));
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    return Array.from({ length: all.length / size }, (_, i) => ({ dtype: "float32", shape: [1, ...shape], data: all.subarray(i * size, (i + 1) * size) }));
  };
  const read = value(readOnnx(readFileSync(at("float.onnx")), { file: "float.onnx" }));
  const open = openDims(read);
  const graph = value(canonicalize(value(bindDims(read, Object.fromEntries(open.map((dim) => [dim, 1]))))));
  return { graph, input, labels, calibration: samples("calibration.f32").slice(0, calibration), test: samples("test.f32").slice(0, maxSamples), at };
}

/** The runner port on onnxruntime: the graph written with every fetched value as an output. */
function onnxRunner() {
  const sessions = new Map();
  return {
    async run(graph, feeds, fetch) {
      if (!sessions.has(graph)) {
        const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
        const outputs = fetch.filter((id) => computed.has(id));
        const { model } = writeOnnx({ ...graph, outputs });
        sessions.set(graph, await ort.InferenceSession.create(model, sessionOptions));
      }
      const results = await sessions.get(graph).run(Object.fromEntries([...feeds].map(([id, t]) => [id, new ort.Tensor("float32", t.data, t.shape)])));
      return new Map(Object.entries(results).map(([id, t]) => [id, { dtype: "float32", shape: t.dims, data: t.data }]));
    },
  };
}

const top = (scores) => scores.reduce((best, score, i) => (score > scores[best] ? i : best), 0);

async function answersOfOnnx(file, input, samples) {
  const session = await ort.InferenceSession.create(file, sessionOptions);
  const answers = [];
  for (const { data, shape } of samples) answers.push(top((await session.run({ [input]: new ort.Tensor("float32", data, shape) }))[session.outputNames[0]].data));
  return answers;
}

/** Two-sided exact test on the samples where exactly one side is right. */
function mcNemar(onlyOurs, onlyTheirs) {
  const n = onlyOurs + onlyTheirs;
  let term = 0.5 ** n;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyOurs, onlyTheirs); k++) {
    tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

const rows = [["model", "samples", "calibration", "float_right", "ours", "ours_right", "theirs", "theirs_right", "only_ours", "only_theirs", "mcnemar_p"]];
const names = readdirSync(directory).sort().filter((name) => listed("models")?.includes(name) ?? true);
for (const name of names) {
  const task = load(name);
  const right = (answers) => answers.map((answer, i) => answer === task.labels[i]);
  const count = (flags) => flags.filter(Boolean).length;
  const float = right(await answersOfOnnx(task.at("float.onnx"), task.input, task.test));
  const theirs = [];
  for (const file of readdirSync(task.at("")).filter((file) => file.startsWith("ort-")).sort()) {
    theirs.push({ id: file.slice(4, -5), flags: right(await answersOfOnnx(task.at(file), task.input, task.test)) });
  }
  console.log(`${name}: float ${count(float)} of ${float.length}; onnxruntime ${theirs.map(({ id, flags }) => `${id} ${count(flags)}`).join(", ")}`);
  for (const { id: ours, method, corrected } of recipes) {
    const samples = task.calibration.map((tensor) => new Map([[task.input, tensor]]));
    const { ranges, means } = value(await calibrate({ graph: task.graph, samples, runner: onnxRunner(), method }));
    const int8 = value(quantizeGraph(task.graph, ranges, corrected ? { means } : {}));
    const run = prepareInterpreter(int8);
    const mine = right(task.test.map((tensor) => top(run(new Map([[task.input, tensor]])).get(int8.outputs[0]).data)));
    for (const other of theirs) {
      const onlyOurs = count(mine.map((flag, i) => flag && !other.flags[i]));
      const onlyTheirs = count(mine.map((flag, i) => !flag && other.flags[i]));
      rows.push([name, mine.length, samples.length, count(float), ours, count(mine), other.id, count(other.flags), onlyOurs, onlyTheirs, mcNemar(onlyOurs, onlyTheirs).toFixed(4)]);
    }
    console.log(`  ${ours.padEnd(16)} ${count(mine)}`);
  }
}
const table = `${rows.map((row) => row.join(",")).join("\n")}\n`;
console.log(table);
if (flags.length === 0) writeFileSync(new URL("../results/quantization.csv", import.meta.url), table);
