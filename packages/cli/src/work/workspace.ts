import { readFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { devices as catalogDevices } from "@edgewise/catalog";
import type { Diagnostic } from "@edgewise/graph";
import { type Device, type Spec, readDevice, readPlan } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { type Cache, diskCache } from "../disk/cache.ts";
import { Trouble, fileTrouble } from "../disk/trouble.ts";

/** A plan file and everything its words may refer to. */
export interface Workspace {
  /** Folder of the plan file: all its paths are relative to it. */
  readonly root: string;
  readonly planFile: string;
  readonly planText: string;
  readonly spec: Spec;
  readonly devices: readonly Device[];
  readonly cache: Cache;
}

/** Texts of files that diagnostics may point into, by the name shown. */
export type Sources = Map<string, string>;

export async function openWorkspace(options: { readonly cwd: string; readonly file: string }, sources: Sources): Promise<Workspace> {
  const path = resolve(options.cwd, options.file);
  const root = dirname(path);
  const text = await readText(path, { shown: options.file, missing: "Run plan init to make one from a model file, or name it: plan make --file path/to/plan.yaml." });
  sources.set(options.file, text);
  const devices = await allDevices(root, sources);
  const result = readPlan({ file: options.file, text, devices, runtimes: runtimeIds });
  if (!result.ok) throw new Trouble(result.errors);
  return { root, planFile: options.file, planText: text, spec: result.value, devices, cache: diskCache(root) };
}

const runtimeIds: readonly string[] = adapters.map(({ runtime }) => runtime.id).sort();

/** The catalog, and the user's own devices/*.yaml beside the plan; an own device replaces a catalog one of equal id. */
export async function allDevices(root: string, sources: Sources): Promise<readonly Device[]> {
  const folder = join(root, "devices");
  const names = await readdir(folder).catch(() => []);
  const errors: Diagnostic[] = [];
  const byId = new Map(catalogDevices.map((device) => [device.id, device]));
  for (const name of names.filter((entry) => /\.ya?ml$/.test(entry)).sort()) {
    const shown = `devices/${name}`;
    const text = await readText(join(folder, name), { shown, missing: "Check its permissions." });
    sources.set(shown, text);
    const device = readDevice(shown, text, runtimeIds);
    if (device.ok) byId.set(device.value.id, device.value);
    else errors.push(...device.errors);
  }
  if (errors.length > 0) throw new Trouble(errors);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function readText(path: string, about: { readonly shown: string; readonly missing: string }): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const trouble = fileTrouble(error, about.shown);
    if (trouble === null) throw error;
    throw new Trouble([{ ...trouble, subject: { kind: "file", path: about.shown }, ...(trouble.code === "FILE_NOT_FOUND" ? { fix: about.missing } : {}) }]);
  }
}
