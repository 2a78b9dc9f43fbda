import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plannedProject } from "./testing/prepared.ts";
import { type Files, makeProject, planText, temporaryFolder } from "./testing/project.ts";
import { runJson, runPlan } from "./testing/run-plan.ts";
import { samplePng } from "./testing/samples.ts";
import { tinyModels } from "./testing/tiny-models.ts";

interface Expected {
  readonly code: string;
  readonly [key: string]: unknown;
}

/** The mistake is told once in JSON, and once in words that name the code and the next step and show no stack. */
async function expectRefusal(root: string, argv: readonly string[], expected: readonly Expected[]): Promise<void> {
  const { code, problems } = await runJson(root, argv);
  expect(problems).toMatchObject(expected);
  expect(problems).toHaveLength(expected.length);
  expect(code).toBe(1);
  const { code: textCode, stdout, stderr } = await runPlan(root, argv);
  expect({ textCode, stdout }).toEqual({ textCode: 1, stdout: "" });
  for (const { code: name } of expected) expect(stderr).toContain(`error ${name}: `);
  expect(stderr).toContain("next:");
  expect(stderr).not.toMatch(/^ +at .*[:(]\d+/m);
}

const truncated = tinyModels.good().slice(0, -40);
/** `c = LogSoftmax…`: an operator name of the same length that is none, in the file's own bytes. */
const unknownOp = Buffer.from(Buffer.from(tinyModels.good()).toString("latin1").replaceAll("AveragePool", "BitonicSort"), "latin1");

describe("a plan that cannot be read", () => {
  it("is missing: plan init is named", async () => {
    const root = temporaryFolder();
    await expectRefusal(root, ["make"], [{ code: "FILE_NOT_FOUND", subject: { path: "plan.yaml" }, fix: expect.stringContaining("plan init") as string }]);
  });

  it("is a folder", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "plan.yaml"));
    await expectRefusal(root, ["make"], [{ code: "NOT_A_FILE" }]);
  });

  it("has several typos: all are told at once, in the order of the file, each with its line and code frame", async () => {
    const root = makeProject({ "plan.yaml": planText.replace("metric: top1", "metrc: top1").replace("color: gray", "color: grey").replace("device: raspberry-pi-pico", "device: raspberry-pi-pcio").replace('">= 80 %"', "80") });
    const first = await runJson(root, ["make"]);
    expect(first.problems.map(({ code, subject }) => `${subject.line} ${code}`)).toEqual(["4 UNKNOWN_NAME", "6 UNKNOWN_KEY", "9 NUMBER_WITHOUT_UNIT", "12 UNKNOWN_DEVICE"]);
    expect((await runPlan(root, ["make"])).stderr).toContain("4 |   input: { color: grey");
  });

  it("names a device that is unknown, and the nearest", async () => {
    await expectRefusal(makeProject({ "plan.yaml": planText.replace("raspberry-pi-pico", "raspberry-pi-pcio") }), ["make"], [{ code: "UNKNOWN_DEVICE", fix: expect.stringContaining("raspberry-pi-pico") as string, subject: { line: 12 } }]);
  });

  it("contradicts itself in a budget", async () => {
    await expectRefusal(makeProject({ "plan.yaml": planText.replace('latency: "<= 100 ms"', "latency: { min: 20 ms, max: 10 ms }") }), ["make"], [{ code: "BUDGET_CONTRADICTORY", subject: { line: 11 } }]);
    await expectRefusal(makeProject({ "plan.yaml": planText.replace('"<= 100 ms"', '">= 100 ms"') }), ["make"], [{ code: "BUDGET_DIRECTION", subject: { line: 11 } }]);
  });
});

describe("a model that cannot be read", () => {
  const models = (changes: Files): string => makeProject({ "models/blind.onnx": null, "models/good.onnx": null, ...changes });

  it("is missing", async () => {
    await expectRefusal(models({}), ["make"], [{ code: "NO_MODELS" }]);
    await expectRefusal(makeProject({ "plan.yaml": planText.replace("models/*.onnx", "models/goood.onnx") }), ["make"], [{ code: "FILE_NOT_FOUND", subject: { path: "models/goood.onnx" } }]);
  });

  it("is truncated: the file is named, whatever the verb", async () => {
    const root = models({ "models/good.onnx": truncated });
    const { problems } = await runJson(root, ["make"]);
    expect(problems[0]).toMatchObject({ subject: { kind: "file", path: "models/good.onnx" } });
    const codes = problems.map(({ code }) => ({ code }));
    for (const argv of [["make"], ["models"], ["inspect", "models/good.onnx"], ["quantize", "models/good.onnx", "o.onnx"]]) await expectRefusal(root, argv, codes);
  });

  it("is a text file, or empty", async () => {
    for (const content of ["Not a model, but words about one.\n", ""]) {
      const { code, problems } = await runJson(models({ "models/good.onnx": content }), ["make"]);
      expect({ code, path: problems[0]?.subject.path }).toEqual({ code: 1, path: "models/good.onnx" });
    }
  });

  it("never throws, at whichever byte it ends", async () => {
    const bytes = tinyModels.good();
    const root = models({});
    for (let length = 0; length < bytes.length; length += 13) {
      writeFileSync(join(root, "cut.onnx"), bytes.subarray(0, length));
      const { code, problems } = await runJson(root, ["inspect", "cut.onnx"]);
      expect({ length, code, told: problems.length > 0 }).toEqual({ length, code: 1, told: true });
    }
  });

  it("has an operator that nothing here knows: it is named with its node", async () => {
    await expectRefusal(models({ "models/good.onnx": unknownOp }), ["make"], [{ code: "OP_UNSUPPORTED", subject: { kind: "node", node: "pool", op: "BitonicSort", file: "models/good.onnx" } }]);
  });

  it("tells of every broken file of several", async () => {
    const { problems } = await runJson(models({ "models/a.onnx": "words", "models/b.onnx": unknownOp }), ["make"]);
    expect(new Set(problems.map(({ subject }) => subject.path ?? (subject as { file?: string }).file))).toEqual(new Set(["models/a.onnx", "models/b.onnx"]));
  });
});

describe("data that cannot be read", () => {
  it("is missing", async () => {
    const root = makeProject();
    rmSync(join(root, "data/eval"), { recursive: true });
    await expectRefusal(root, ["make"], [{ code: "FILE_NOT_FOUND", subject: { path: "data/eval" } }]);
  });

  it("is an empty folder", async () => {
    const root = makeProject();
    rmSync(join(root, "data/eval"), { recursive: true });
    mkdirSync(join(root, "data/eval"));
    const { code, problems } = await runJson(root, ["make"]);
    expect({ code, told: problems.length }).toEqual({ code: 1, told: 1 });
  });

  it("has a class folder that the labels do not know", async () => {
    const root = makeProject({ "plan.yaml": planText.replace("output: { softmax", "output: { labels: [left, right], softmax"), "data/eval/rigth/000.png": samplePng("right", 500) });
    await expectRefusal(root, ["make"], [{ code: "LABEL_UNKNOWN", found: "rigth", fix: expect.stringContaining("right") as string }]);
  });

  it("has more classes, or fewer, than the model has answers: each such model is named", async () => {
    const both = [{ code: "LABELS_MISMATCH", subject: { path: "models/blind.onnx" } }, { code: "LABELS_MISMATCH", subject: { path: "models/good.onnx" } }];
    const root = makeProject({ "data/eval/middle/000.png": samplePng("left", 501) });
    await expectRefusal(root, ["make"], both);
    for (const label of ["middle", "right"]) rmSync(join(root, "data/eval", label), { recursive: true });
    await expectRefusal(root, ["make"], both);
    await expectRefusal(makeProject({ "plan.yaml": planText.replace("output: { softmax", "output: { labels: [left, right, middle], softmax") }), ["make"], both);
  });

  it("has a labels file that is missing", async () => {
    await expectRefusal(makeProject({ "plan.yaml": planText.replace("output: { softmax", "output: { labels: labels.txt, softmax") }), ["make"], [{ code: "FILE_NOT_FOUND", subject: { path: "labels.txt" } }]);
  });

  it.each([
    ["words", Buffer.from("I am no picture")],
    ["a cut file", samplePng("left", 502).subarray(0, 50)],
    ["nothing", Buffer.alloc(0)],
  ])("has a PNG that is %s: the file is named", async (_, bytes) => {
    const { code, problems } = await runJson(makeProject({ "data/eval/left/005.png": bytes }), ["make"]);
    expect({ code, path: problems[0]?.subject.path }).toEqual({ code: 1, path: "data/eval/left/005.png" });
    expect(problems).toHaveLength(1);
  });

  it("has a calibration PNG that is corrupt", async () => {
    const { code, problems } = await runJson(makeProject({ "data/calib/left/003.png": "words" }), ["make"]);
    expect({ code, path: problems[0]?.subject.path }).toEqual({ code: 1, path: "data/calib/left/003.png" });
  });
});

describe("a lock that is none", () => {
  it.each([
    ["garbage", "\u0000\u0001 not json", "JSON_SYNTAX"],
    ["empty", "", "JSON_SYNTAX"],
    ["a conflict of a merge", '<<<<<<< HEAD\n{"version":1}\n=======\n', "JSON_SYNTAX"],
    ["of another shape", "{}", "DOCUMENT_INVALID"],
    ["a list", "[1, 2]", "DOCUMENT_INVALID"],
  ])("%s: every verb that reads it says so, and none overwrites it", async (_, text, code) => {
    const root = makeProject({ "plan.lock.json": text });
    for (const verb of ["make", "explain", "emit", "check", "measure", "diff"]) {
      const run = await runJson(root, [verb]);
      expect({ verb, code: run.code, told: run.problems[0]?.code }).toEqual({ verb, code: 1, told: code });
    }
    expect(readFileSync(join(root, "plan.lock.json"), "utf8")).toBe(text);
  });

  it("edited by hand until it contradicts itself is refused in words, by no verb with a stack", async () => {
    const edits: readonly ((lock: { models: unknown[]; facts: unknown[]; inputs: Record<string, string>; calibrations: unknown[]; accuracies: unknown[] }) => void)[] = [
      (lock) => void lock.models.pop(), (lock) => void lock.facts.pop(), (lock) => void (lock.facts.length = 0), (lock) => void (lock.calibrations.length = 0),
      (lock) => void (lock.accuracies.length = 0), (lock) => void (lock.models.length = 0), (lock) => void (lock.inputs = {}),
    ];
    const root = await plannedProject();
    const before = readFileSync(join(root, "plan.lock.json"), "utf8");
    for (const edit of edits) {
      const lock = JSON.parse(before) as Parameters<typeof edit>[0];
      edit(lock);
      for (const verb of ["explain", "check", "emit", "make"]) {
        writeFileSync(join(root, "plan.lock.json"), JSON.stringify(lock));
        const { code, problems } = await runJson(root, [verb]);
        expect({ verb, edit: String(edit), told: code === 0 || problems.length > 0 }).toEqual({ verb, edit: String(edit), told: true });
      }
      // The last of them, make, mends it from the inputs.
      expect(readFileSync(join(root, "plan.lock.json"), "utf8")).toBe(before);
    }
  });
});

describe("a folder that takes no files", () => {
  it("is told with the path, when what should be a folder is a file", async () => {
    const root = makeProject();
    writeFileSync(join(root, ".edgewise"), "a file");
    const { code, problems } = await runJson(root, ["make"]);
    expect({ code, told: problems.length }).toEqual({ code: 1, told: 1 });
  });

  it("is told when the lock is a folder", async () => {
    const root = makeProject();
    mkdirSync(join(root, "plan.lock.json"));
    await expectRefusal(root, ["make"], [{ code: "NOT_A_FILE" }]);
  });

  it("is told of a loop of links", async () => {
    const root = makeProject({ "models/good.onnx": null });
    symlinkSync("good.onnx", join(root, "models/good.onnx"));
    const { code, problems } = await runJson(root, ["inspect", "models/good.onnx"]);
    expect({ code, told: problems.length }).toEqual({ code: 1, told: 1 });
  });
});

describe("a command line that is none", () => {
  it.each([[["mkae"]], [["make", "--nope"]], [["inspect"]], [["make", "extra"]], [["diff", "--nope"]]])("%j exits 1 with the usage on stderr and one document on stdout when asked", async (argv) => {
    const text = await runPlan(temporaryFolder(), argv);
    expect({ code: text.code, stdout: text.stdout }).toEqual({ code: 1, stdout: "" });
    expect(text.stderr).toMatch(/^error[: ]/);
    expect(await runJson(temporaryFolder(), argv)).toMatchObject({ code: 1, problems: [{ code: "USAGE" }] });
  });

  it("suggests the nearest verb", async () => {
    expect((await runPlan(temporaryFolder(), ["mesure"])).stderr).toContain("Did you mean measure?");
  });

  it("a folder that is none is told", async () => {
    await expectRefusal(join(temporaryFolder(), "nowhere"), ["make"], [{ code: "FILE_NOT_FOUND" }]);
    await expectRefusal(join(temporaryFolder(), "nowhere"), ["init", "--yes"], [{ code: "FILE_NOT_FOUND" }]);
  });
});

describe("data on the edge of what is allowed", () => {
  it("does not mind hidden files", async () => {
    const root = await plannedProject();
    writeFileSync(join(root, "data/eval/.DS_Store"), "x");
    appendFileSync(join(root, "plan.yaml"), "# end\n");
    expect((await runPlan(root, ["check"])).code).toBe(0);
  });
});
