/**
 * Flash, RAM and exact instruction counts of the C that is emitted for the four int8 models of MLPerf Tiny, against the
 * row each must meet and against TFLM with CMSIS-NN.
 *
 *   npm run build && node bench/mcu/bench.mjs      writes bench/results/mcu.json; exit 1 when a row is missed
 *
 *   --model kws,ad   only these models (kws, ic, vww, ad)
 *   --core m4,m7     only these cores (m0plus, m3, m4, m7, m33, m55)
 *   --input FILE     this model file in place of the corpus', with one --model
 *   --bundle DIR     this bundle in place of an emitted one, with one --model
 *   --plan FILE      this plan.mjs in place of the built command
 *   --keep DIR       leaves projects, bundles, images and disassemblies with counts there
 *
 * A run with any option prints and writes no result file. The compiler and the flags are those of cores.mjs; nothing here
 * reads a manifest or knows how the C was made. RAM is .data, .bss and the whole painted stack; flash is everything the
 * image loads, start-up and printing of this bench (about half a KiB) among it. Instructions are those of the costliest
 * of eight inputs, counted between two markers around the call. Instructions are not cycles.
 */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { corpusFolder } from "../../scripts/toolchain.mjs";
import { commonFlags, cores, libraries, linkFlags } from "./cores.mjs";
import { builtPlan, emitBundle } from "./emit.mjs";
import { goldenPresent, matchingGolden } from "./golden.mjs";
import { inFolder, measureBundle, runSelfTest, toolVersions } from "./harness.mjs";
import { deviceOf, models } from "./models.mjs";
import { peerOf } from "./peers.mjs";

const INPUTS = 8;
const TOP_FUNCTIONS = 15;

const { values: options } = parseArgs({ options: Object.fromEntries(["model", "core", "input", "bundle", "plan", "keep"].map((name) => [name, { type: "string" }])) });
const chosen = { models: options.model?.split(",") ?? Object.keys(models), cores: options.core?.split(",") ?? Object.keys(cores) };
for (const [kind, known, asked] of [["model", models, chosen.models], ["core", cores, chosen.cores]]) {
  const unknown = asked.filter((name) => !(name in known));
  if (unknown.length > 0) throw new Error(`no ${kind} ${unknown.join(", ")}; there are ${Object.keys(known).join(", ")}`);
}
if ((options.input ?? options.bundle) !== undefined && chosen.models.length !== 1) throw new Error("--input and --bundle need one --model");

const plan = options.plan ?? builtPlan;

/** The model's file; null where a bundle is given. */
function fileOf(model) {
  if (options.bundle !== undefined) return null;
  if (options.input !== undefined) return options.input;
  const folder = corpusFolder();
  if (folder === null) throw new Error("the corpus is absent: set EDGEWISE_CORPUS, or give --input");
  return join(folder, "models", models[model].file);
}

/** Golden bytes belong to the corpus' file alone; a bundle that is handed in is taken to be made from it. */
function hasGolden(model, file) {
  return goldenPresent && (file === null || basename(file) === basename(models[model].file));
}

/** What a row asks of this core, each with what was found; a wrong output fails whatever the sizes are. */
function verdict(model, core, found) {
  const { limits } = models[model];
  const asked = [
    ...(core === "m4" ? [["ramBytes", limits.ramBytes], ["flashBytes", limits.flashBytes]] : []),
    ...(limits.instructions[core] === undefined ? [] : [["instructions", limits.instructions[core]]]),
  ];
  return asked.map(([name, limit]) => ({ name, limit, found: found[name], foundToLimit: Number((found[name] / limit).toFixed(3)), holds: found[name] <= limit }));
}

function measured(model, core, { file, folder }) {
  const name = `${model}-${core}`;
  const bundle = options.bundle ?? emitBundle({ plan, file, name, device: deviceOf[core], folder: join(folder, name) });
  const keep = join(folder, name, "measured");
  const { outputs, functions, ...found } = measureBundle({ folder: bundle, core, runs: INPUTS, keep });
  const golden = hasGolden(model, file) ? { inputs: INPUTS, equal: matchingGolden(models[model].golden, outputs) } : null;
  const selfTest = runSelfTest({ folder: bundle, core, keep });
  const correct = golden === null && selfTest === null ? null : (golden === null || golden.equal === INPUTS) && (selfTest ?? 0) === 0;
  return {
    model, file: file === null ? null : basename(file), core, device: deviceOf[core],
    ramBytes: found.ramBytes, arenaBytes: found.arenaBytes, otherStaticBytes: found.staticBytes - found.arenaBytes, stackBytes: found.stackBytes,
    flashBytes: found.flashBytes, codeBytes: found.codeBytes, instructions: found.instructions, instructionsPerRun: found.instructionsPerRun,
    golden, selfTestFailures: selfTest, correct, limits: verdict(model, core, found), peer: peerOf(models[model].golden, core),
    functions: Object.fromEntries(functions.slice(0, TOP_FUNCTIONS).map(({ name: symbol, instructions }) => [symbol, instructions])), mnemonics: found.mnemonics, libraries: found.libraries,
  };
}

function line(row) {
  const check = row.golden === null ? "no golden bytes" : `golden ${row.golden.equal}/${row.golden.inputs}`;
  const limits = row.limits.map(({ name, limit, holds }) => `${name} ${holds ? "<=" : ">"} ${limit}`).join(", ");
  const peer = row.peer === null ? "" : `  peer ${row.peer.instructions} (${(row.peer.instructions / row.instructions).toFixed(2)}x)`;
  return `${row.model.padEnd(4)} ${row.core.padEnd(6)} ram ${String(row.ramBytes).padStart(6)}  flash ${String(row.flashBytes).padStart(7)}  instructions ${String(row.instructions).padStart(10)}  ${check}  ${limits}${peer}\n`;
}

const rows = inFolder(options.keep, (folder) => chosen.models.flatMap((model) => {
  const file = fileOf(model);
  return chosen.cores.map((core) => {
    const row = measured(model, core, { file, folder });
    process.stdout.write(line(row));
    return row;
  });
}));
const result = {
  what: "emitted C of the int8 MLPerf Tiny models: bytes of the linked image, exact instruction counts in QEMU",
  tools: toolVersions(),
  flags: { compile: commonFlags, link: linkFlags, libraries, cores: Object.fromEntries(Object.entries(cores).map(([core, { flags, machine }]) => [core, { flags, machine }])) },
  inputs: `${INPUTS} xorshift32 streams`,
  rows,
};
const whole = Object.values(options).every((value) => value === undefined);
// Innermost lists and objects on one line each: a row stays readable.
const text = JSON.stringify(result, null, 2).replaceAll(/([[{])\s+([^[\]{}]*?)\s+([\]}])/g, (_, open, inner, close) => `${open} ${inner.replaceAll(/\s*\n\s*/g, " ")} ${close}`);
if (whole) writeFileSync(new URL("../results/mcu.json", import.meta.url), `${text}\n`);
if (rows.some(({ correct, limits }) => correct === false || limits.some(({ holds }) => !holds))) process.exitCode = 1;
