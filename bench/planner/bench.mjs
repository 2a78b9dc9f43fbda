/**
 * Times `plan` on 10 000 candidates on each of 5 devices, facts and measurements given, against its budget.
 *
 *   npm run build && node bench/planner/bench.mjs      writes bench/results/planner.json; exit 1 over budget
 *
 * Every run has its own process, plans once from cold, and sets no heap limit. Of three runs the fastest counts, since
 * other work on the machine only adds time, and the largest resident size, input and interpreter included. CPU time is
 * that of all threads, the collector's too.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform } from "node:os";
import { fileURLToPath } from "node:url";

const LIMIT_MS = 2000;
const LIMIT_BYTES = 300e6;
const RUNS = 3;

function run(scenario) {
  const child = spawnSync(process.execPath, [fileURLToPath(new URL("scenario.mjs", import.meta.url)), scenario], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`scenario ${scenario} failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

function measure(scenario) {
  const runs = Array.from({ length: RUNS }, () => run(scenario));
  const { candidates, chosen, wanted } = runs[0];
  const allMs = runs.map(({ ms }) => ms);
  const bestMs = Math.min(...allMs);
  const bestCpuMs = Math.min(...runs.map(({ cpuMs }) => cpuMs));
  const maxRssBytes = Math.max(...runs.map((one) => one.maxRssBytes));
  return { scenario, candidates, chosen, wanted, allMs, bestMs, bestCpuMs, maxRssBytes, msToLimit: ratio(bestMs, LIMIT_MS), bytesToLimit: ratio(maxRssBytes, LIMIT_BYTES) };
}

function ratio(value, limit) {
  return Number((value / limit).toFixed(3));
}

const scenarios = ["open", "tied", "tight"].map(measure);
const result = {
  what: "plan(): 10 000 candidates x 5 devices, facts and measurements given",
  machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, platform: `${platform()} ${arch()}`, node: process.version, loadAverage: Number(loadavg()[0].toFixed(1)) },
  limits: { ms: LIMIT_MS, bytes: LIMIT_BYTES },
  scenarios,
};
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(new URL("../results/planner.json", import.meta.url), text);
process.stdout.write(text);
if (scenarios.some(({ bestMs, maxRssBytes }) => bestMs > LIMIT_MS || maxRssBytes > LIMIT_BYTES)) process.exitCode = 1;
