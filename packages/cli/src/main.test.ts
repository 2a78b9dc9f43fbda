import { describe, expect, it } from "vitest";
import { emittedProject } from "./testing/prepared.ts";
import { temporaryFolder } from "./testing/project.ts";
import { runPlan } from "./testing/run-plan.ts";

/** Every verb, as it succeeds on an emitted project; `quantize` writes beside the models. */
const verbs: readonly (readonly string[])[] = [
  ["make"], ["explain"], ["explain", "meter"], ["emit", "meter"], ["check"], ["measure", "gateway"], ["inspect", "models/good.onnx"],
  ["quantize", "models/good.onnx", "good-int8.onnx"], ["devices"], ["devices", "pixel-8"], ["models"], ["schema", "device"],
];

describe("plan", () => {
  it("answers every verb with --json, before or after it, with one document on stdout and nothing on stderr", async () => {
    const root = await emittedProject();
    for (const argv of verbs) {
      for (const line of [["--json", ...argv], [...argv, "--json"]]) {
        const { code, stdout, stderr } = await runPlan(root, line);
        expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
        expect(typeof JSON.parse(stdout)).toBe("object");
      }
    }
  });

  it("answers every verb in plain words without escape codes when there is no terminal", async () => {
    const root = await emittedProject();
    for (const argv of verbs) {
      const { code, stdout, stderr } = await runPlan(root, argv);
      expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: "" });
      expect(stdout).not.toBe("");
      expect(stdout).not.toContain("\u001B");
    }
  });

  it("helps with every verb, and exits 0", async () => {
    const help = await runPlan(temporaryFolder(), ["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const name of ["make", "explain", "emit", "check", "measure", "diff", "inspect", "quantize", "devices", "models", "init", "schema"]) {
      expect(help.stdout).toMatch(new RegExp(`^ +${name} `, "m"));
      expect(await runPlan(temporaryFolder(), [name, "--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining(`plan ${name}`) as string });
    }
  });
});
