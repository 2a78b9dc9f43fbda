import { expect, it } from "vitest";
import { emittedProject } from "../testing/prepared.ts";
import { runJson } from "../testing/run-plan.ts";

it("plan measure compiles a C bundle's self-test here, runs it, and exits 0 when it passes", async () => {
  const { code, answer } = await runJson(await emittedProject(), ["measure", "meter"]);
  expect(code).toBe(0);
  const { targets } = answer as { readonly targets: readonly { readonly runs: readonly { readonly where: string; readonly findings: readonly { readonly found: string; readonly holds: boolean | null }[] }[] }[] };
  expect(targets[0]?.runs[0]).toMatchObject({ where: "gcc on this machine", findings: [{ found: "PASS", holds: true }] });
  expect(targets[0]?.runs.flatMap(({ findings }) => findings).filter(({ holds }) => holds === false)).toEqual([]);
});
