/**
 * Times how soon the command answers: `plan --help`, and a `plan make` of the meter example with nothing changed.
 *
 *   npm run build && node bench/cli/startup.mjs      writes bench/results/cli-startup.json; exit 1 over budget
 *
 * Every run is a process of its own, timed from spawn to exit. The median is what a user waits here; the fastest
 * decides, since other work on the machine only adds time. `node -e 0` is the share that no program can avoid.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RUNS = 10;
const plan = fileURLToPath(new URL("../../packages/cli/bin/plan.mjs", import.meta.url));
const example = fileURLToPath(new URL("../../examples/meter-reading", import.meta.url));

function run(args) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
  return performance.now() - begun;
}

function measure(name, limitMs, args) {
  const allMs = Array.from({ length: RUNS }, () => Math.round(run(args))).sort((a, b) => a - b);
  return { name, limitMs, medianMs: (allMs[RUNS / 2 - 1] + allMs[RUNS / 2]) / 2, bestMs: allMs[0], allMs };
}

const folder = mkdtempSync(join(tmpdir(), "edgewise-startup-"));
try {
  cpSync(example, folder, { recursive: true });
  const make = [plan, "--cwd", folder, "make"];
  run(make);
  const node = measure("node -e 0", null, ["-e", "0"]);
  const cases = [measure("plan --help", 200, [plan, "--help"]), measure("plan make, nothing changed", 1000, make)]
    .map((one) => ({ ...one, bestToLimit: Number((one.bestMs / one.limitMs).toFixed(2)), bestToNode: Number((one.bestMs / node.bestMs).toFixed(1)) }));
  const result = {
    what: "time from spawn to exit of the built command, examples/meter-reading",
    machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, platform: `${platform()} ${arch()}`, node: process.version, loadAverage: Number(loadavg()[0].toFixed(1)) },
    cases: [node, ...cases],
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  writeFileSync(new URL("../results/cli-startup.json", import.meta.url), text);
  process.stdout.write(text);
  if (cases.some(({ bestMs, limitMs }) => bestMs > limitMs)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
