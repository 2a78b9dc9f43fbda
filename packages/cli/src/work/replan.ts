import type { PlanInput } from "@edgewise/planner";
import type { Lock } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { calibrationKey } from "./recipe.ts";
import type { Workspace } from "./workspace.ts";

/** The planner's input as a lock holds it: planning again needs no model, no data and no measurement. */
export function planInputOf(workspace: Workspace, lock: Lock): PlanInput {
  const digests = { calibrationData: lock.inputs["data:calibration"] ?? null, contract: lock.inputs["contract"] ?? "" };
  return {
    spec: workspace.spec, models: lock.models, catalog: { devices: workspace.devices }, runtimes: adapters.map(({ runtime }) => runtime), facts: lock.facts,
    measurements: [...lock.accuracies, ...lock.latencies], evaluation: lock.evaluation, unmeasured: lock.unmeasured ?? [],
    calibrations: Object.fromEntries(lock.models.map((model) => [model.digest, calibrationKey(model, workspace.spec, digests)])),
  };
}
