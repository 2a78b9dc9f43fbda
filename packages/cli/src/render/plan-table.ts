import type { Deployment, Estimate, Plan } from "@edgewise/planner/schema";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { bytes, milliseconds, percent } from "./units.ts";

/** Middle of an interval, and its ends when they differ. Nothing known prints as "unknown", never as a number. */
function cell(estimate: Estimate | undefined, show: (value: number) => string): string {
  if (estimate === undefined || estimate.basis === "unknown") return "unknown";
  const [low, high] = [show(estimate.low), show(estimate.high)];
  return low === high ? show(estimate.expected) : `${show(estimate.expected)} (${low} – ${high})`;
}

function row(deployment: Deployment, paint: Paint): readonly string[] {
  const { choice } = deployment;
  if (choice === null) {
    return [paint("red", "✗"), deployment.target, deployment.device, paint("red", `none of ${deployment.rejected.length} candidates fits: plan explain ${deployment.target}`), "", "", "", "", ""];
  }
  const { candidate, costs } = choice;
  const model = [candidate.family, candidate.variant, candidate.resolution === null ? "" : `${candidate.resolution.heightPx}x${candidate.resolution.widthPx}`].filter((part) => part !== "").join(" ");
  return [
    paint("green", "✓"), deployment.target, deployment.device, `${model} ${candidate.precision}`, `${candidate.runtime}/${candidate.backend}`,
    cell(costs.ram, bytes), costs.flash === undefined ? cell(costs.bundle, bytes) : cell(costs.flash, bytes),
    cell(costs.latency, milliseconds), cell(costs.accuracy, percent),
  ];
}

/** One line a target; the same columns for a microcontroller and a server. */
export function renderPlan(plan: Plan, paint: Paint): string {
  return renderTable(
    [{ title: "" }, { title: "target" }, { title: "device" }, { title: "choice" }, { title: "runtime" }, { title: "ram" }, { title: "flash / bundle" }, { title: "latency" }, { title: "accuracy (bounds)" }],
    plan.deployments.map((deployment) => row(deployment, paint)),
  );
}
