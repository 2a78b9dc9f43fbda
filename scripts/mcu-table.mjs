// The microcontroller table of README.md, from bench/results/mcu.json. Run: node scripts/mcu-table.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { models } from "../bench/mcu/models.mjs";
import { root } from "./toolchain.mjs";

const START = "<!-- bench/results/mcu.json, written by scripts/mcu-table.mjs -->";
const END = "<!-- end -->";

const names = { kws: "keyword spotting, DS-CNN", ic: "image classification, ResNet8", vww: "person detection, MobileNetV1 0.25", ad: "anomaly detection, autoencoder" };

const whole = (count) => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
const millions = (count) => `${(count / 1e6).toFixed(2)} M`;

/** A figure with how many times smaller it is than the peer's, and how many times larger than its bound. */
function cell(found, peer, bound, words = whole) {
  const compared = [peer === null ? null : `${(peer / found).toFixed(1)}x less`, bound === null ? null : `${(found / bound).toFixed(2)} of bound`];
  return `${words(found)} (${compared.filter((part) => part !== null).join(", ")})`;
}

/** Markdown of the table. `result` is the parsed bench/results/mcu.json. */
export function mcuTable({ rows, tools }) {
  const of = (model, core) => rows.find((row) => row.model === model && row.core === core);
  const lines = Object.entries(models).map(([model, { bound }]) => {
    const [m4, m0plus] = [of(model, "m4"), of(model, "m0plus")];
    return `| ${names[model]} | ${cell(m4.ramBytes, m4.peer.ramBytes, bound.ramBytes)} | ${cell(m4.flashBytes, m4.peer.flashBytes, bound.flashBytes)} | ${cell(m4.instructions, m4.peer.instructions, bound.instructions, millions)} | ${cell(m0plus.instructions, m0plus.peer.instructions, null, millions)} |`;
  });
  const golden = rows.reduce((sum, { golden: { equal } }) => sum + equal, 0);
  const inputs = rows.reduce((sum, { golden: each }) => sum + each.inputs, 0);
  return [
    "| int8 model of MLPerf Tiny | RAM, M4 (bytes) | flash, M4 (bytes) | instructions, M4 | instructions, M0+ |", "|---|---|---|---|---|", ...lines, "",
    `Against TensorFlow Lite Micro with CMSIS-NN, measured the same way; RAM is arena, static and stack. The bound is what no int8 code of this shape can go below (\`bench/mcu/models.mjs\`): layers in place, one byte a weight, two multiply-accumulates an instruction. ${golden} of ${inputs} golden outputs equal on ${new Set(rows.map(({ core }) => core)).size} cores, byte for byte. Instructions, never cycles: counted in QEMU ${tools.qemu ?? ""}, code by arm-none-eabi-gcc ${tools.gcc ?? ""} (\`bench/mcu\`).`.replaceAll(/ +/g, " "),
  ].join("\n");
}

/** README with its table made anew. */
export function withTable(readme, result) {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} … ${END}`);
  return `${readme.slice(0, start + START.length)}\n${mcuTable(result)}\n${readme.slice(end)}`;
}

export const readResult = () => JSON.parse(readFileSync(join(root, "bench/results/mcu.json"), "utf8"));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = join(root, "README.md");
  writeFileSync(file, withTable(readFileSync(file, "utf8"), readResult()));
}
