/**
 * Measures one emitted bundle on one core: instructions, flash, RAM, stack, correctness, and where the instructions go.
 *
 *   node bench/mcu/measure.mjs --bundle DIR --core m4 [--golden kws_ref_model] [--runs 8] [--top 15] [--keep DIR] [--flags="-O3"]
 *
 * --core    m0plus, m3, m4, m7, m33 or m55
 * --golden  compares with golden bytes of that name; without it the bundle's own self-test decides
 * --keep    leaves the ELF, the linker's map and annotated.txt (disassembly with counts) there
 */
import { parseArgs } from "node:util";
import { matchingGolden } from "./golden.mjs";
import { cores } from "./cores.mjs";
import { measureBundle, runSelfTest } from "./harness.mjs";

const { values } = parseArgs({ options: {
  bundle: { type: "string" }, core: { type: "string", default: "m4" }, golden: { type: "string" }, runs: { type: "string" }, top: { type: "string", default: "8" },
  keep: { type: "string" }, flags: { type: "string", default: "" },
} });
if (values.bundle === undefined || cores[values.core] === undefined) {
  process.stderr.write(`usage: node bench/mcu/measure.mjs --bundle DIR --core ${Object.keys(cores).join("|")}\n`);
  process.exit(2);
}
const about = { folder: values.bundle, core: values.core, flags: values.flags.split(" ").filter(Boolean), keep: values.keep };
const runs = Number(values.runs ?? (values.golden === undefined ? 1 : 8));
const found = measureBundle({ ...about, runs });
const golden = values.golden === undefined ? null : matchingGolden(values.golden, found.outputs);
const failures = runSelfTest(about);
const ok = (golden === null || golden === runs) && (failures === null || failures === 0);
const words = [
  `${found.prefix} ${found.core}`, `instructions ${found.instructions}`, `flash ${found.flashBytes} (text ${found.codeBytes})`,
  `ram ${found.ramBytes} (arena ${found.arenaBytes}, static ${found.staticBytes - found.arenaBytes}, stack ${found.stackBytes})`,
  ...(golden === null ? [] : [`golden ${golden}/${runs}`]), failures === null ? "no self-test" : `self-test ${failures === 0 ? "pass" : `${failures} differ`}`, ok ? "ok" : "NOT OK",
];
process.stdout.write(`${words.join(" · ")}\n`);
for (const { name, instructions } of found.functions.slice(0, Number(values.top))) {
  process.stdout.write(`  ${String(instructions).padStart(10)}  ${(100 * instructions / found.functions.reduce((sum, each) => sum + each.instructions, 0)).toFixed(1).padStart(5)} %  ${name}\n`);
}
for (const { object, bytes } of found.libraries) process.stdout.write(`  from libraries: ${object} ${bytes} bytes\n`);
if (!ok) process.exitCode = 1;
