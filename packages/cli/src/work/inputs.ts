import { readFileSync } from "node:fs";
import { digest } from "@edgewise/adapter";
import { type Digest, type TaskContract, canonicalText } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { dataFilePath, listFiles } from "./data-files.ts";
import { version } from "../version.ts";
import type { Workspace } from "./workspace.ts";

/** Digest of a data set: every path and every byte, in order. */
export async function dataDigest(root: string, data: string): Promise<Digest> {
  const files = await listFiles(root, data);
  // Nothing else waits meanwhile, and for thousands of small files one thread is four times as fast as a pool of them.
  return digest(canonicalText(files.map((file) => [file, digest(readFileSync(dataFilePath(root, data, file)))])));
}

export interface InputDigests {
  /** By "kind:name", as the lock records them. */
  readonly all: Readonly<Record<string, Digest>>;
  readonly evaluationData: Digest | null;
  readonly calibrationData: Digest | null;
  readonly contract: Digest;
}

/** What the plan, the devices it names and this version's runtimes say: needs no file but the plan's own. */
export function statedDigests({ spec, devices }: Workspace): InputDigests["all"] {
  const used = new Set(spec.targets.map(({ device }) => device));
  return {
    edgewise: digest(version),
    plan: digest(canonicalText(spec)),
    ...Object.fromEntries(devices.filter(({ id }) => used.has(id)).map((device) => [`device:${device.id}`, digest(canonicalText(device))])),
    ...Object.fromEntries(adapters.map(({ runtime }) => [`runtime:${runtime.id}`, digest(canonicalText(runtime))])),
  };
}

export function contractDigest(contract: TaskContract): Digest {
  return digest(canonicalText(contract));
}

/** Everything but the models that the decision rests on. */
export async function inputDigests(workspace: Workspace, contract: TaskContract): Promise<InputDigests> {
  const { spec, root } = workspace;
  const { evaluation, calibration } = spec.task;
  const evaluationData = evaluation === null ? null : await dataDigest(root, evaluation.data);
  const calibrationData = calibration === null ? null : calibration.data === evaluation?.data ? evaluationData : await dataDigest(root, calibration.data);
  return {
    evaluationData, calibrationData, contract: contractDigest(contract),
    all: {
      ...statedDigests(workspace),
      contract: contractDigest(contract),
      ...(evaluationData === null ? {} : { "data:evaluation": evaluationData }),
      ...(calibrationData === null ? {} : { "data:calibration": calibrationData }),
    },
  };
}
