// The tables of docs/runtimes.md, from bench/results/runtimes.json and litert-speed.json. Run: node scripts/runtimes-table.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./toolchain.mjs";

const END = "<!-- end -->";

const whole = (count) => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
const name = (model) => `\`${model}\``;
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

/** Right answers, and of the inputs those on which LiteRT names the same class. */
const cell = ({ right, sameClass, bytes }, inputs) => `${whole(right)} (${(100 * sameClass / inputs).toFixed(1)} %), ${kilobytes(bytes)}`;
const own = ({ right, bytes }) => `**${whole(right)}**, ${kilobytes(bytes)}`;

/** Model by model, what each runtime has right of the same labelled inputs. `result` is the parsed bench/results/runtimes.json. */
export function runtimesTable({ rows, runtimes }) {
  const lines = rows.map(({ model, inputs, float32, int8 }) => {
    const float = float32 === null ? ["–", "–"] : [cell(float32.onnx, inputs), own(float32.litert)];
    return `| ${[name(model), whole(inputs), ...float, cell(int8.onnx, inputs), own(int8.litert), cell(int8.c, inputs)].join(" | ")} |`;
  });
  const sides = rows.flatMap(({ float32, int8 }) => [...Object.values(float32 ?? {}), ...Object.values(int8)]);
  return [
    "| model | inputs | ONNX, float32 | LiteRT, float32 | ONNX, int8 | LiteRT, int8 | C, int8 |", "|---|---|---|---|---|---|---|", ...lines, "",
    `Right answers (inputs on which LiteRT names the same class), kilobytes. ONNX: ${runtimes.onnx}; LiteRT: ${runtimes.litert}; C: ${runtimes.c}. Smallest p of McNemar's test beside LiteRT: ${Math.min(...sides.map(({ p }) => p)).toFixed(2)}.`,
  ].join("\n");
}

/** How far LiteRT's integers before the softmax are from the reference interpreter's. `result` is the parsed bench/results/runtimes.json. */
export function stepsTable({ rows }) {
  const share = (steps, from, to = from + 1) => {
    const count = steps.slice(from, to).reduce((sum, each) => sum + each, 0);
    return `${(100 * count / steps.reduce((sum, each) => sum + each, 0)).toFixed(1)} %`;
  };
  const lines = rows.map(({ model, beforeSoftmax: { inputs, xnnpack, reference, referenceSameClass } }) =>
    `| ${[name(model), inputs, share(reference, 0), `${referenceSameClass} of ${inputs}`, share(xnnpack, 0), share(xnnpack, 1), share(xnnpack, 2), share(xnnpack, 3, Infinity)].join(" | ")} |`);
  return ["| model | inputs | reference kernels: equal | same class | XNNPACK: equal | 1 step | 2 steps | more |", "|---|---|---|---|---|---|---|---|", ...lines].join("\n");
}

/** Size and speed beside the corpus' own files. `result` is the parsed bench/results/litert-speed.json. */
export function speedTable({ networks, sizes, runtime, cpu }) {
  const lines = sizes.map(({ model, precision, oursBytes, corpusBytes }) => {
    const [one, two] = [1, 2].map((threads) => networks.find((row) => row.model === model && row.threads === threads));
    const speed = ({ ratio, low, high }) => `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    return `| ${[name(model), precision, whole(corpusBytes), `${whole(oursBytes)} (${(100 * oursBytes / corpusBytes).toFixed(1)} %)`, speed(one), speed(two)].join(" | ")} |`;
  });
  return [
    "| TensorFlow Lite file of the corpus | precision | its bytes | ours | speed, 1 thread | speed, 2 threads |", "|---|---|---|---|---|---|", ...lines, "",
    `Speed is theirs over ours in time, with the bootstrap's 95 % interval: 1.02 is 2 % faster. ${runtime}, on ${cpu}; both files by turns in one run (\`bench/litert/speed.py\`).`,
  ].join("\n");
}

/** The page's tables: the file in bench/results that each is made of. */
const tables = [{ part: "right answers", file: "runtimes.json", table: runtimesTable }, { part: "steps", file: "runtimes.json", table: stepsTable }, { part: "size and speed", file: "litert-speed.json", table: speedTable }];

const files = ["runtimes.json", "litert-speed.json"];

export const readResults = () => Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(root, "bench/results", file), "utf8"))]));

/** The page with its tables made anew from the parsed results, by file. */
export function withTables(page, results) {
  return tables.reduce((text, { part, file, table }) => {
    const start = `<!-- ${part}: bench/results/${file}, written by scripts/runtimes-table.mjs -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`the page has no ${start} … ${END}`);
    return `${text.slice(0, from + start.length)}\n${table(results[file])}\n${text.slice(to)}`;
  }, page);
}

export const page = join(root, "docs/runtimes.md");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(page, withTables(readFileSync(page, "utf8"), readResults()));
