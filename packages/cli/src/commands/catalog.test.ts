import { describe, expect, it } from "vitest";
import { makeProject, temporaryFolder } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";

describe("plan devices", () => {
  it("lists the catalog without a plan", async () => {
    const { code, answer } = await runJson(temporaryFolder(), ["devices"]);
    expect(code).toBe(0);
    expect((answer as { id: string }[]).map(({ id }) => id)).toEqual(expect.arrayContaining(["raspberry-pi-pico", "raspberry-pi-5", "pixel-8", "browser-desktop", "aws-c7g-large"]));
  });

  it("shows every number of one device with basis, date and source", async () => {
    const { stdout } = await runPlan(temporaryFolder(), ["devices", "raspberry-pi-pico"]);
    expect(stdout).toMatch(/ram \(ram\)|sram|ram .*264 KiB +published +\d{4}-\d\d-\d\d +https/);
    for (const row of stdout.split("\n").slice(4).filter((line) => line !== "" && !line.includes(" unknown"))) expect(row).toMatch(/ (published|assumed|measured|modelled|emulated|measured-similar) +\d{4}-\d\d-\d\d +\S/);
  });

  it("suggests the nearest id for an unknown one", async () => {
    expect(await runJson(temporaryFolder(), ["devices", "rasberry-pi-pico"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_DEVICE", fix: "Did you mean raspberry-pi-pico?" }] });
  });
});

describe("plan models", () => {
  it("shows what the plan may choose from", async () => {
    const { code, answer } = await runJson(makeProject(), ["models"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject([{ file: "models/blind.onnx", input: { shape: [1, 1, 8, 8] } }, { file: "models/good.onnx", parameters: 30 }]);
  });

  it("needs no data", async () => {
    const without = Object.fromEntries(["left", "right"].flatMap((label) => Array.from({ length: 60 }, (_, index) => [`data/eval/${label}/${String(index).padStart(3, "0")}.png`, null])));
    expect((await runPlan(makeProject(without), ["models"])).code).toBe(0);
  });
});

describe("plan schema", () => {
  it("prints a JSON Schema of each document", async () => {
    const root = temporaryFolder();
    for (const name of ["plan", "device"]) expect((await runJson(root, ["schema", name])).answer).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", $id: `${name}.schema.json`, type: "object" });
    expect((await runPlan(root, ["schema"])).stdout).toBe((await runPlan(root, ["schema", "plan"])).stdout);
  });

  it("refuses a document it does not know, even one that every object has", async () => {
    for (const name of ["plna", "constructor"]) expect(await runJson(temporaryFolder(), ["schema", name])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_DOCUMENT", expected: "plan, device, results" }] });
  });
});
