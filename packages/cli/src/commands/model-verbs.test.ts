import { readFileSync } from "node:fs";
import { join } from "node:path";
import { devices } from "@edgewise/catalog";
import { readOnnx } from "@edgewise/formats/onnx";
import { describe, expect, it } from "vitest";
import { emittedProject, plannedProject } from "../testing/prepared.ts";
import { makeProject, planText } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";

describe("plan explain", () => {
  it("names what was chosen and what was not, from the lock alone", async () => {
    const root = await plannedProject();
    const { code, stdout, stderr } = await runPlan(root, ["explain"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const word of ["gateway", "meter", "models/good.onnx", "models/blind.onnx"]) expect(stdout).toContain(word);
  });

  it("explains one target, as text, Markdown and JSON", async () => {
    const root = await plannedProject();
    expect((await runPlan(root, ["explain", "meter"])).stdout).not.toContain("gateway");
    expect((await runPlan(root, ["explain", "meter", "--markdown"])).stdout).toMatch(/^#/);
    const { code, answer } = await runJson(root, ["explain", "meter"]);
    expect(code).toBe(0);
    expect(JSON.stringify(answer)).toContain('"meter"');
  });

  it("suggests the nearest target for an unknown one", async () => {
    expect(await runJson(await plannedProject(), ["explain", "gatway"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_TARGET", fix: "Did you mean gateway?" }] });
  });

  it("without a lock says that make comes first", async () => {
    expect(await runJson(makeProject(), ["explain"])).toMatchObject({ code: 1, problems: [{ code: "NO_LOCK" }] });
  });
});

describe("plan inspect", () => {
  it("counts what the model holds, and asks every target", async () => {
    const root = makeProject();
    const { code, answer } = await runJson(root, ["inspect", "models/good.onnx"]);
    expect(code).toBe(0);
    // Conv: 64 pixels x 9 x 2; Gemm: 4 x 2. Parameters: 18 + 2, 8 + 2.
    expect(answer).toMatchObject({ macs: 64 * 9 * 2 + 8, parameters: 30, layers: expect.arrayContaining([expect.objectContaining({ node: "stem", op: "Conv" })]) as unknown });
    const { support } = answer as { support: { device: string }[] };
    expect(new Set(support.map(({ device }) => device)).size).toBe(devices.length);
    expect((await runPlan(root, ["inspect", "models/good.onnx", "--layers"])).stdout).toMatch(/^stem +Conv/m);
  });

  it("says which file is missing", async () => {
    expect(await runJson(makeProject(), ["inspect", "models/non.onnx"])).toMatchObject({ code: 1, problems: [{ code: "FILE_NOT_FOUND", subject: { path: "models/non.onnx" } }] });
  });

  it("without a model shows the usage", async () => {
    expect(await runPlan(makeProject(), ["inspect"])).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("plan quantize", () => {
  it("writes an int8 model that inspect reads back as quantized", async () => {
    const root = makeProject();
    const { code, answer } = await runJson(root, ["quantize", "models/good.onnx", "out/good-int8.onnx"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, output: "out/good-int8.onnx", samples: 16 });
    const read = readOnnx(readFileSync(join(root, "out/good-int8.onnx")), { file: "good-int8.onnx" });
    expect(read.ok && [...read.value.values.values()].filter(({ constant, dtype, shape }) => constant !== null && dtype === "int8" && (shape?.length ?? 0) > 1).map(({ shape }) => shape)).toEqual([[2, 1, 3, 3], [2, 4]]);
    expect((await runPlan(root, ["inspect", "out/good-int8.onnx"])).code).toBe(0);
  });

  it("without calibration data says what is missing", async () => {
    const root = makeProject({ "plan.yaml": planText.replace(/^ {2}calibration.*\n/m, "") });
    expect(await runJson(root, ["quantize", "models/good.onnx", "o.onnx"])).toMatchObject({ code: 1, problems: [{ code: "NO_CALIBRATION" }] });
  });

  it("says which model is missing", async () => {
    expect(await runJson(makeProject(), ["quantize", "models/non.onnx", "o.onnx"])).toMatchObject({ code: 1, problems: [{ code: "FILE_NOT_FOUND", subject: { path: "models/non.onnx" } }] });
  });
});

describe("plan measure", () => {
  it("runs the bundle here, and finds what was promised", async () => {
    const { code, answer } = await runJson(await emittedProject(), ["measure", "gateway"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, targets: [{ target: "gateway", runs: [{ findings: [{ found: "4 of 4", holds: true }, { holds: true }, { holds: null }] }] }] });
  });

  it("before emit says so", async () => {
    expect(await runJson(await plannedProject(), ["measure", "gateway"])).toMatchObject({ code: 1, problems: [{ code: "NOT_EMITTED" }] });
  });

  it("suggests the nearest target for an unknown one", async () => {
    expect(await runJson(await emittedProject(), ["measure", "mete"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_TARGET", fix: "Did you mean meter?" }] });
  });
});
