import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "@edgewise/planner/schema";
import { expect, it } from "vitest";
import { makeProject, planText } from "./testing/project.ts";
import { runJson, runPlan } from "./testing/run-plan.ts";

const targets = `targets:
  tablet: { device: iphone-15, runtimes: [coreml], precisions: [float32] }
  phone: { device: iphone-15, runtimes: [coreml], precisions: [float16] }
`;

it("a Core ML bundle is planned, emitted, checked, and its program read back answers as the reference does", async () => {
  const root = makeProject({ "plan.yaml": `${planText.slice(0, planText.indexOf("targets:"))}${targets}` });
  expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
  const { plan } = JSON.parse(readFileSync(join(root, "plan.lock.json"), "utf8")) as Lock;
  expect(plan.deployments.map(({ choice }) => choice?.candidate.runtime)).toEqual(["coreml", "coreml"]);
  for (const { choice } of plan.deployments) expect(choice?.costs.accuracy?.basis).toBe("measured-similar");
  expect((await runPlan(root, ["emit"])).code).toBe(0);
  expect((await runPlan(root, ["check"])).code).toBe(0);
  const { code, answer } = await runJson(root, ["measure"]);
  const { targets: measured } = answer as { readonly targets: readonly { readonly runs: readonly { readonly where: string; readonly findings: readonly { readonly holds: boolean | null }[] }[] }[] };
  expect(measured.map(({ runs }) => runs[0]?.findings.map(({ holds }) => holds))).toEqual([[true, true], [true, true]]);
  expect(code).toBe(0);
});
