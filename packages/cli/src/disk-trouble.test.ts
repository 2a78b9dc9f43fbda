import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, runBuilt } from "./testing/built-plan.ts";
import { type Files, makeProject, temporaryFolder, tinyProject, writeFiles } from "./testing/project.ts";
import type { Outcome } from "./testing/run-plan.ts";
import { treeDigests } from "./testing/tree.ts";

/** A shell in a mount namespace of its own, where an ordinary user may mount too; absent on systems that forbid it. */
const inOwnMounts = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"] as const;
const canMount = spawnSync(inOwnMounts[0], [...inOwnMounts.slice(1), "mount -t tmpfs -o size=64k none /mnt"]).status === 0;

/** Runs plan after `mount` in one namespace; `$0` of the script is the project folder. */
function runMounted(root: string, mount: string, argv: readonly string[]): Outcome {
  return runBuilt(root, argv, { under: [...inOwnMounts, `${mount} && exec "$@"`, root] });
}

function expectTold(outcome: Outcome, code: string): void {
  const answer = JSON.parse(outcome.stdout) as { readonly ok: boolean; readonly diagnostics: readonly { readonly code: string }[] };
  expect({ exit: outcome.code, ok: answer.ok, codes: answer.diagnostics.map((diagnostic) => diagnostic.code) }).toEqual({ exit: 1, ok: false, codes: [code] });
  expect(outcome.stderr).toContain(`error ${code}: `);
  expect(outcome.stderr).not.toMatch(/^ +at .*[:(]\d+/m);
}

/** The tiny project after `make` of the same program that is then put under stress. */
function plannedByBuilt(): string {
  const root = makeProject();
  expect(runBuilt(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
  return root;
}

const drafts = (root: string): readonly string[] => readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".tmp"));

beforeAll(ensureBuilt);

describe.skipIf(!canMount)(`a read-only disk${canMount ? "" : " (left out: this system lets no user mount)"}`, () => {
  const readOnly = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"';

  it("refuses make with a clear message, and nothing changes", () => {
    const root = makeProject();
    const before = treeDigests(root, ".");
    expectTold(runMounted(root, readOnly, ["make", "--json"]), "DISK_READ_ONLY");
    expect(treeDigests(root, ".")).toEqual(before);
  });

  it("refuses emit and init, but not what only reads", () => {
    const root = plannedByBuilt();
    expectTold(runMounted(root, readOnly, ["emit", "meter", "--json"]), "DISK_READ_ONLY");
    for (const verb of ["make", "check", "explain", "models"]) expect({ verb, ...runMounted(root, readOnly, [verb]) }).toMatchObject({ verb, code: 0, stderr: "" });
    rmSync(join(root, "plan.yaml"));
    expectTold(runMounted(root, readOnly, ["init", "models/good.onnx", "--yes", "--json"]), "DISK_READ_ONLY");
  });
});

describe.skipIf(!canMount)(`a full disk${canMount ? "" : " (left out: this system lets no user mount)"}`, () => {
  /** The project's own files in full, and `spare` bytes beside them, on a disk of its own; nothing else is kept of it. */
  const full = (spare: string, report: string): string => `mkdir -p "$0/disk" && mount -t tmpfs -o size=${spare} none "$0/disk" && cp -r "$0/project/." "$0/disk/" && trap 'find "$0/disk" > "${report}"' EXIT`;

  it.each(["make", "emit"])("leaves no half file behind %s", (verb) => {
    const folder = temporaryFolder();
    const source = plannedByBuilt();
    const files: Files = Object.fromEntries(["plan.yaml", "models/good.onnx", "models/blind.onnx"].map((path) => [path, readFileSync(join(source, path))]));
    writeFiles(join(folder, "project"), { ...tinyProject(), ...files });
    if (verb === "emit") writeFiles(join(folder, "project"), { "plan.lock.json": readFileSync(join(source, "plan.lock.json")) });
    const report = join(folder, "left.txt");
    // Every file of the project takes a page of 4 KiB; what the pages leave is for the run.
    const pages = readdirSync(join(folder, "project"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length + (verb === "emit" ? 14 : 3);
    const script = `${full(`${pages * 4}k`, report)}; "$@"`;
    const outcome = runBuilt(join(folder, "disk"), [verb, ...verb === "emit" ? ["meter"] : [], "--json"], { under: [...inOwnMounts, script, folder] });
    expectTold(outcome, "DISK_FULL");
    const left = readFileSync(report, "utf8").split("\n");
    expect(left.filter((path) => path.includes(".tmp") || path.includes("/bundles/"))).toEqual([]);
    if (verb === "make") expect(left.filter((path) => path.includes("lock"))).toEqual([]);
  });
});

describe("a limit on file sizes", () => {
  it("is told, and leaves the old bundle as it was", () => {
    const root = plannedByBuilt();
    expect(runBuilt(root, ["emit", "meter"]).code).toBe(0);
    const before = treeDigests(root, "bundles");
    // One block of 512 bytes: less than the C takes. Node sees EFBIG where the shell ignores the signal.
    expectTold(runBuilt(root, ["emit", "meter", "--json"], { under: ["sh", "-c", 'trap "" XFSZ; ulimit -f 1; exec "$@"', "sh"] }), "DISK_FULL");
    expect(treeDigests(root, "bundles")).toEqual(before);
    expect(drafts(root)).toEqual([]);
  });
});
