import type { Diagnostic } from "@edgewise/graph";
import type { DeviceClass } from "../device.ts";
import type { ModelDocument, PlanDocument, TargetDocument, TaskDocument } from "../document.ts";
import { parseQuantity } from "../quantity.ts";
import type { Locator } from "../read/locate.ts";
import { suggest } from "../read/suggest.ts";
import type { ModelSource, Spec, Target, Task } from "../spec.ts";
import { mergeBudgets } from "./budgets.ts";
import { parsePixels, resolveInput, resolveOutput } from "./contract.ts";
import { resolvePrefer } from "./prefer.ts";

export interface ResolveContext {
  readonly devices: readonly { readonly id: string; readonly class: DeviceClass }[];
  readonly runtimes: readonly string[];
  readonly locate: Locator;
  /** Mistakes found here are appended. */
  readonly errors: Diagnostic[];
}

/** Measuring accuracy may take this long per plan, unless `timeBox` says otherwise. */
const DEFAULT_TIME_BOX_MS = 10 * 60_000;
const DEFAULT_CALIBRATION_SAMPLES = 200;

/** Merges, defaults, units: from what was written to what is meant. */
export function resolveSpec(document: PlanDocument, context: ResolveContext): Spec {
  const names = Object.keys(document.targets).sort();
  if (names.length === 0) {
    context.errors.push({ code: "NO_TARGETS", severity: "error", subject: context.locate.key(["targets"]), summary: "There is no target to plan for", fix: "Add a target: a name and a device (see: plan devices)." });
  }
  // Budgets of the file that every target overrides are still read: a mistake in them is one.
  mergeBudgets(document.budgets, undefined, { ...context, targetName: "" });
  return {
    version: 1,
    task: resolveTask(document.task, context),
    models: document.models.map((model, index) => resolveModel(model, index, context)),
    targets: names.flatMap((name) => {
      const target = document.targets[name];
      return target === undefined ? [] : resolveTarget({ name, target, document }, context);
    }),
  };
}

function resolveTask(task: TaskDocument, context: ResolveContext): Task {
  const written = task.evaluation?.timeBox;
  const timeBox = written === undefined ? null : parseQuantity(written, "ms");
  if (timeBox !== null && !timeBox.ok) {
    context.errors.push({ code: "NOT_A_QUANTITY", severity: "error", subject: context.locate.value(["task", "evaluation", "timeBox"]), summary: "The time box is not a duration", found: written ?? "", expected: '"90 s" or "10 min"', fix: "Write a number and a unit of time." });
  }
  const labels = task.output?.labels;
  return {
    kind: task.kind,
    input: resolveInput(task, context),
    output: resolveOutput(task),
    labelsFile: typeof labels === "string" ? labels : null,
    evaluation: task.evaluation === undefined ? null : {
      data: task.evaluation.data, metric: task.evaluation.metric ?? (task.kind === "tensor" && task.output === undefined ? "mse" : "top1"),
      timeBoxMs: timeBox?.ok === true ? timeBox.value : DEFAULT_TIME_BOX_MS,
    },
    calibration: task.calibration === undefined ? null : {
      data: task.calibration.data, samples: task.calibration.samples ?? DEFAULT_CALIBRATION_SAMPLES, method: task.calibration.method ?? "min-max",
    },
  };
}

function resolveModel(model: string | ModelDocument, index: number, context: ResolveContext): ModelSource {
  const written: ModelDocument = typeof model === "string" ? { path: model } : model;
  return {
    path: written.path, family: written.family ?? null, variant: written.variant ?? null,
    resolution: written.resolution === undefined ? null : parsePixels(written.resolution, ["models", index, "resolution"], context),
    bind: written.bind ?? {}, licence: written.licence ?? null,
  };
}

function resolveTarget(
  written: { readonly name: string; readonly target: TargetDocument; readonly document: PlanDocument }, context: ResolveContext,
): readonly Target[] {
  const { name, target, document } = written;
  const device = context.devices.find(({ id }) => id === target.device);
  const ids = context.devices.map(({ id }) => id);
  const path = ["targets", name];
  if (device === undefined) context.errors.push(unknownId("UNKNOWN_DEVICE", target.device, { known: ids, subject: context.locate.value([...path, "device"]), list: "plan devices" }));
  for (const [index, runtime] of (target.runtimes ?? []).entries()) {
    if (context.runtimes.includes(runtime)) continue;
    context.errors.push(unknownId("UNKNOWN_RUNTIME", runtime, { known: context.runtimes, subject: context.locate.value([...path, "runtimes", index]), list: "plan devices" }));
  }
  const prefer = target.prefer ?? document.prefer;
  return [{
    name, device: target.device,
    budgets: mergeBudgets(document.budgets, target.budgets, { ...context, targetName: name }),
    precisions: target.precisions ?? null, runtimes: target.runtimes ?? null,
    prefer: resolvePrefer(prefer, device?.class ?? "board", { ...context, path: target.prefer === undefined ? ["prefer"] : [...path, "prefer"] }),
  }];
}

function unknownId(code: string, id: string, about: { readonly known: readonly string[]; readonly subject: Diagnostic["subject"]; readonly list: string }): Diagnostic {
  const near = suggest(id, about.known);
  return {
    code, severity: "error", subject: about.subject, summary: `Unknown ${code === "UNKNOWN_DEVICE" ? "device" : "runtime"} ${id}`,
    found: id, expected: [...about.known].sort().join(", "), fix: near === null ? `List what is known: ${about.list}.` : `Did you mean ${near}?`,
  };
}
