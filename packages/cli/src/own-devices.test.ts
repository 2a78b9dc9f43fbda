import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeProject, planText } from "./testing/project.ts";
import { runJson, runPlan } from "./testing/run-plan.ts";
import { tinyModels } from "./testing/tiny-models.ts";

const myBoard = `id: my-board
name: My board
class: microcontroller
isa: armv7e-m
clock: 64 MHz
ram: 64 KiB
flash: 256 KiB
macsPerSecond: { int8: 2.0e7 }
runtimes: [edgewise-c]
source: datasheet of the chip, page 3
date: 2026-01-31
`;
const forMyBoard = planText.replace("raspberry-pi-pico", "my-board");

describe("devices/*.yaml", () => {
  it("a device in ten lines is planned for, and its numbers carry its source", async () => {
    const root = makeProject({ "devices/my-board.yaml": myBoard, "plan.yaml": forMyBoard });
    const { code, answer } = await runJson(root, ["make"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ plan: { deployments: [{}, { target: "meter", device: "my-board", choice: { candidate: { precision: "int8" }, costs: { latency: { basis: expect.stringMatching(/assumed|modelled/) as string } } } }] } });
    expect((await runPlan(root, ["devices", "my-board"])).stdout).toContain("datasheet of the chip, page 3");
    expect((await runPlan(root, ["emit", "meter"])).code).toBe(0);
    expect((await runPlan(root, ["check"])).code).toBe(0);
  });

  it("with the cycles of an instruction and a clock, latency follows from counted instructions, and the plan says so", async () => {
    const own = myBoard.replace("macsPerSecond: { int8: 2.0e7 }", "cyclesPerInstruction: 1.3");
    const root = makeProject({ "devices/my-board.yaml": own, "plan.yaml": forMyBoard });
    const { code, answer } = await runJson(root, ["make"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ plan: { deployments: [{}, { choice: { candidate: { precision: "int8" }, costs: { latency: { from: "instructions" } } } }] } });
    expect((await runPlan(root, ["emit", "meter"])).code).toBe(0);
    expect((await runPlan(root, ["check"])).code).toBe(0);
  });

  it("a changed number makes the lock stale", async () => {
    const root = makeProject({ "devices/my-board.yaml": myBoard, "plan.yaml": forMyBoard });
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const again = makeProject({ "devices/my-board.yaml": myBoard.replace("64 KiB", "32 KiB"), "plan.yaml": forMyBoard, "plan.lock.json": readFileSync(join(root, "plan.lock.json")) });
    const { code, problems } = await runJson(again, ["check"]);
    expect(code).toBe(4);
    expect(problems.map(({ summary }) => summary.split(" ")[0])).toEqual(["device:my-board"]);
  });

  it("replaces the catalog's device of the same id", async () => {
    const root = makeProject({ "devices/pico.yaml": myBoard.replace("id: my-board", "id: raspberry-pi-pico").replace("256 KiB", "1 KiB") });
    expect(await runJson(root, ["make"])).toMatchObject({ code: 2, answer: { infeasible: ["meter"] } });
  });

  it.each([
    ["a class that is none", myBoard.replace("microcontroller", "toaster"), "DEVICE_INVALID", 3],
    ["a quantity without unit", myBoard.replace("64 KiB", '"64"'), "NOT_A_QUANTITY", 6],
    ["broken YAML", myBoard.replace("runtimes: [edgewise-c]", "runtimes: [edgewise-c"), "YAML_SYNTAX", null],
    ["a clock in KiB", myBoard.replace("64 MHz", "64 KiB"), "NOT_A_QUANTITY", 5],
    ["an unknown key", `${myBoard}colour: red\n`, "DEVICE_INVALID", null],
  ])("with %s is refused, with file and line", async (_, text, code, line) => {
    const root = makeProject({ "devices/my-board.yaml": text, "plan.yaml": forMyBoard });
    for (const verb of ["make", "devices"]) {
      const run = await runJson(root, [verb]);
      expect(run.code).toBe(1);
      expect(run.problems[0]).toMatchObject({ code, subject: { path: "devices/my-board.yaml", line: line ?? (expect.any(Number) as number) } });
    }
  });

  it("a runtime nobody has is told", async () => {
    const root = makeProject({ "devices/my-board.yaml": myBoard.replace("edgewise-c", "edgwise-c"), "plan.yaml": forMyBoard });
    const { code, problems } = await runJson(root, ["make"]);
    expect(code).toBe(1);
    expect(problems[0]).toMatchObject({ subject: { path: "devices/my-board.yaml", line: 9 }, fix: expect.stringContaining("edgewise-c") as string });
  });
});

describe("a model as it comes", () => {
  const only = (model: Uint8Array, source: string) => ({
    "models/good.onnx": null, "models/blind.onnx": null, "own/model.onnx": model,
    "plan.yaml": planText.replace('models: [ "models/*.onnx" ]', `models: [ ${source} ]`).replace('budgets: { accuracy: ">= 80 %" }\n', ""),
  });

  it("with a named batch dim works, bound or not", async () => {
    for (const source of ["own/model.onnx", "{ path: own/model.onnx, bind: { N: 1 } }"]) {
      const root = makeProject(only(tinyModels.namedBatch(), source));
      expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
      expect((await runPlan(root, ["emit", "meter"])).code).toBe(0);
    }
  });

  it("has no dim of that name: told with those it has", async () => {
    expect(await runJson(makeProject(only(tinyModels.namedBatch(), "{ path: own/model.onnx, bind: { M: 1 } }")), ["make"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_DIM", expected: "N" }] });
  });

  it("takes another resolution where every layer does", async () => {
    const root = makeProject(only(tinyModels.fullyConvolutional(), "{ path: own/model.onnx, resolution: 16x12 }, own/model.onnx"));
    const { code, answer } = await runJson(root, ["models"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject([{ input: { shape: [1, 1, 8, 8] } }, { input: { shape: [1, 1, 16, 12] } }]);
    expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
    expect((await runPlan(root, ["make"])).stdout).toContain("up to date");
    expect((await runPlan(root, ["emit", "meter"])).code).toBe(0);
  });

  it("is refused another resolution where a layer forbids it, with the node", async () => {
    const { code, problems } = await runJson(makeProject(only(tinyModels.fixedSize(), "{ path: own/model.onnx, resolution: 16x16 }")), ["make"]);
    expect(code).toBe(1);
    expect(problems[0]?.subject).toMatchObject({ kind: "node", node: "to_rows" });
    expect(problems[0]?.fix).toMatch(/file/);
  });
});
