import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suiteOf, suites } from "./suites.mjs";
import { installAndBuild, root, run } from "./toolchain.mjs";

const requireAll = process.env.EDGEWISE_SUITES === "all";
/** Ids of suites that may be absent even then, with commas: what a registry did not give. */
const excused = (process.env.EDGEWISE_LEAVE_OUT ?? "").split(",");

function testFiles() {
  const roots = ["bench", "conformance", "examples", "packages", "scripts"];
  return roots.flatMap((top) => readdirSync(join(root, top), { recursive: true }).map((name) => `${top}/${name}`))
    .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules/") && !file.includes("/.venv/") && !file.includes("/dist/"))
    .sort();
}

/** Suites that run, suites that are left out, and mistakes in the manifest itself. */
function survey(files) {
  const strays = files.filter((file) => suiteOf(file) === null).map((file) => `${file} has a suffix that no suite declares`);
  const empty = suites.filter((suite) => !files.some((file) => suiteOf(file) === suite)).map(({ id }) => `suite ${id} has no test file`);
  const absent = suites.filter((suite) => !suite.present());
  return { mistakes: [...strays, ...empty], absent };
}

function runVitest(files) {
  const folder = mkdtempSync(join(tmpdir(), "edgewise-test-"));
  const report = join(folder, "report.json");
  try {
    run("node_modules/.bin/vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...files]);
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    // A file that fails to load has no failed test of its own.
    const brokenFiles = testResults.filter(({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed")).length;
    return { passed: numPassedTests, failed: numFailedTests + brokenFiles, skipped: numPendingTests + numTodoTests };
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

installAndBuild();
const files = testFiles();
const { mistakes, absent } = survey(files);
const total = { passed: 0, failed: 0, skipped: 0 };
const count = (name, good) => {
  console.log(`${good ? "ok    " : "FAILED"} ${name}`);
  total[good ? "passed" : "failed"] += 1;
};

count("types: every package, test and script compiles", run("node_modules/.bin/tsc", ["-p", "tsconfig.check.json"]) === 0);
count("lint: the short list of rules", run("node_modules/.bin/oxlint", ["--deny-warnings"]) === 0);
for (const mistake of mistakes) count(`suites: ${mistake}`, false);

const left = new Set(absent);
const result = runVitest(files.filter((file) => !left.has(suiteOf(file))));
for (const key of Object.keys(total)) total[key] += result[key];

for (const suite of absent) {
  const fileCount = files.filter((file) => suiteOf(file) === suite).length;
  const required = requireAll && !excused.includes(suite.id);
  console.log(`${required ? "FAILED" : "left out"}: suite ${suite.id} (${fileCount} test files) needs ${suite.needs}. Enable it: ${suite.enable}`);
  total[required ? "failed" : "skipped"] += fileCount;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
