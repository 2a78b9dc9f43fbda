import { once } from "node:events";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, runBuilt, startBuilt } from "./testing/built-plan.ts";
import { makeProject, temporaryFolder } from "./testing/project.ts";
import { treeDigests } from "./testing/tree.ts";

const ROUNDS = 10;
/** Moments are shares of the first run; on a machine that gets less busy, later runs are over before the last of them. */
const LEAST_KILLED = 3;
/** Twenty runs one after another, on a busy machine. */
const TIMEOUT_MS = 240_000;

interface Killed {
  readonly ran: number;
  readonly killed: boolean;
}

/** Kills a run after `delayMs`; tells whether it was still running. */
async function killAfter(root: string, argv: readonly string[], about: { readonly delayMs: number; readonly signal: "SIGINT" | "SIGKILL" }): Promise<Killed> {
  const begun = performance.now();
  const child = startBuilt(root, argv);
  const ended = once(child, "exit");
  await Promise.race([ended, sleep(about.delayMs)]);
  const killed = child.kill(about.signal);
  await ended;
  return { ran: performance.now() - begun, killed: killed && child.signalCode !== null };
}

/** Every visible name of the project folder, and drafts anywhere. */
function names(root: string): { readonly visible: readonly string[]; readonly drafts: readonly string[] } {
  const all = readdirSync(root, { recursive: true, encoding: "utf8" });
  return { visible: readdirSync(root).filter((name) => !name.startsWith(".")).sort(), drafts: all.filter((name) => /\.tmp($|\/)/.test(name)) };
}

/** Moments spread over a whole run of `fullMs`, the later half denser: that is where files are written. */
const moments = (fullMs: number): readonly number[] => Array.from({ length: ROUNDS }, (_, round) => fullMs * (1 - (1 - (round + 0.5) / ROUNDS) ** 1.5));

beforeAll(ensureBuilt);

describe("Ctrl-C and kill -9 at any moment", () => {
  it("leave no lock or a whole one, and the next make finishes the work", async () => {
    const root = makeProject();
    const lockPath = join(root, "plan.lock.json");
    const fresh = (): void => [lockPath, join(root, ".edgewise")].forEach((path) => rmSync(path, { recursive: true, force: true }));
    const full = await killAfter(root, ["make"], { delayMs: 60_000, signal: "SIGKILL" });
    expect(full.killed).toBe(false);
    const expected = readFileSync(lockPath);
    let killed = 0;
    for (const [round, delayMs] of moments(full.ran).entries()) {
      fresh();
      killed += Number((await killAfter(root, ["make"], { delayMs, signal: round % 2 === 0 ? "SIGINT" : "SIGKILL" })).killed);
      if (existsSync(lockPath)) expect(readFileSync(lockPath)).toEqual(expected);
      expect(names(root).visible.filter((name) => name !== "plan.lock.json")).toEqual(["data", "models", "plan.yaml"]);
      // What the killed run had measured is in its cache, and may be half of it: the next run goes on from there.
      expect(runBuilt(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(lockPath)).toEqual(expected);
      expect(names(root).drafts.filter((name) => !name.startsWith(".edgewise/"))).toEqual([]);
    }
    expect(killed).toBeGreaterThanOrEqual(LEAST_KILLED);
  }, TIMEOUT_MS);

  it("leave no bundle or a whole one, and the next emit takes the drafts away", async () => {
    const root = makeProject();
    for (const argv of [["make"], ["emit", "meter"]]) expect(runBuilt(root, argv)).toMatchObject({ code: 0, stderr: "" });
    const expected = treeDigests(root, "bundles");
    const bundles = join(root, "bundles");
    const whole = join(temporaryFolder(), "bundles");
    cpSync(bundles, whole, { recursive: true });
    const full = await killAfter(root, ["emit", "meter"], { delayMs: 60_000, signal: "SIGKILL" });
    expect(full.killed).toBe(false);
    let killed = 0;
    for (const [round, delayMs] of moments(full.ran).entries()) {
      // Every other round begins with bundles to replace.
      rmSync(bundles, { recursive: true, force: true });
      if (round % 2 === 1) cpSync(whole, bundles, { recursive: true });
      killed += Number((await killAfter(root, ["emit", "meter"], { delayMs, signal: round % 4 < 2 ? "SIGKILL" : "SIGINT" })).killed);
      if (existsSync(bundles)) expect(readdirSync(bundles).filter((name) => !name.startsWith(".")).every((name) => name === "meter")).toBe(true);
      expect(runBuilt(root, ["check"])).toMatchObject({ code: 0, stderr: "" });
    }
    expect(runBuilt(root, ["emit", "meter"]).code).toBe(0);
    expect(treeDigests(root, "bundles")).toEqual(expected);
    expect(names(root).drafts).toEqual([]);
    expect(killed).toBeGreaterThanOrEqual(LEAST_KILLED);
  }, TIMEOUT_MS);
});
