import { describe, expect, it } from "vitest";
import { readPlan } from "./read-plan.ts";

const devices = [{ id: "raspberry-pi-pico", class: "microcontroller" }, { id: "pixel-8", class: "phone" }] as const;

function read(text: string) {
  return readPlan({ file: "plan.yaml", text, devices, runtimes: ["edgewise-c", "onnxruntime"] });
}

const good = `version: 1
task:
  kind: image-classification
  input: { color: gray, filter: area, scale: 1/255 }
  output: { labels: [a, b], softmax: true }
  evaluation: { data: data/eval, metric: top1, timeBox: 90 s }
  calibration: { data: data/calib }
models: [ "models/*.onnx", { path: other.onnx, family: other, resolution: 24x32, bind: { N: 1 } } ]
budgets: { accuracy: ">= 97 %", ram: "<= 64 KiB" }
targets:
  phone: { device: pixel-8, budgets: { latency: { max: 10 ms, evidence: measured }, ram: none } }
  meter: { device: raspberry-pi-pico, budgets: { ram: "<= 200 kB" }, prefer: { order: [flash], tolerance: 1 % } }
`;

function problems(text: string): readonly string[] {
  const result = read(text);
  if (result.ok) return [];
  return result.errors.map(({ code, subject }) => subject.kind === "file" ? `${code} ${subject.line}:${subject.column}` : code);
}

it("a budget on delegate coverage is a share of at most everything", () => {
  const spec = read(good.replace("ram: none", 'ram: none, delegate: { min: 95 %, evidence: measured }'));
  expect(spec.ok && spec.value.targets[1]?.budgets).toContainEqual({ key: "delegate", relation: ">=", limit: 0.95, evidence: "measured", text: ">= 95 %" });
  expect(problems(good.replace("ram: none", 'delegate: ">= 101 %"'))[0]).toContain("BUDGET_OUT_OF_RANGE");
  expect(problems(good.replace("ram: none", 'delegate: "<= 95 %"'))[0]).toContain("BUDGET_DIRECTION");
  expect(problems(good.replace("ram: none", 'delegate: ">= 0.95"'))[0]).toContain("NUMBER_WITHOUT_UNIT");
});

describe("a good plan.yaml", () => {
  const result = read(good);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  const spec = result.value;

  it("merges budgets per key from file to target, and none waives", () => {
    const budgets = spec.targets.map(({ name, budgets }) => [name, budgets.map(({ key, limit, evidence }) => [key, limit, evidence])]);
    expect(budgets).toEqual([
      ["meter", [["accuracy", 0.97, "assumed"], ["ram", 200_000, "assumed"]]],
      ["phone", [["accuracy", 0.97, "assumed"], ["latency", 10, "measured"]]],
    ]);
  });

  it("takes prefer from the target, else from the device's class", () => {
    expect(spec.targets.map(({ prefer }) => prefer)).toEqual([
      { order: ["flash"], tolerance: 0.01 },
      { order: ["bundle", "latency", "ram"], tolerance: 0.05 },
    ]);
  });

  it("reads fractions, resolutions and durations", () => {
    expect(spec.task.input.scale).toEqual([1 / 255]);
    expect(spec.models[1]?.resolution).toEqual({ heightPx: 24, widthPx: 32 });
    expect(spec.task.evaluation?.timeBoxMs).toBe(90_000);
  });
});

describe("mistakes in plan.yaml", () => {
  it("are all reported at once, in file order, with line and column", () => {
    expect(problems(good
      .replace("kind:", "knd:")
      .replace("color: gray", "colour: gray")
      .replace('">= 97 %"', "97")
      .replace("device: pixel-8", "device: 8"))).toEqual(
      ["MISSING_KEY 2:1", "UNKNOWN_KEY 3:3", "UNKNOWN_KEY 4:12", "NUMBER_WITHOUT_UNIT 9:22", "WRONG_TYPE 11:20"]);
  });

  it("in meaning are all reported at once", () => {
    expect(problems(good
      .replace('">= 97 %"', '"<= 97 %"')
      .replace('"<= 64 KiB"', '"<= 64"')
      .replace("max: 10 ms", "max: 10 KiB")
      .replace("pixel-8", "pixel8")
      .replace('"<= 200 kB"', '"<= 0 kB"'))).toEqual(
      ["BUDGET_DIRECTION 9:22", "NUMBER_WITHOUT_UNIT 9:38", "UNKNOWN_DEVICE 11:20", "UNKNOWN_UNIT 11:48", "BUDGET_OUT_OF_RANGE 12:55"]);
  });

  it("in form do not hide those in meaning", () => {
    expect(problems(good.replace("color: gray", "colour: gray").replace("pixel-8", "pixel8").replace('"<= 64 KiB"', '"<= 64"').replace("max: 10 ms", "mex: 10 ms"))).toEqual(
      ["UNKNOWN_KEY 4:12", "NUMBER_WITHOUT_UNIT 9:38", "UNKNOWN_DEVICE 11:20", "UNKNOWN_KEY 11:50"]);
  });

  it("name the nearest valid name", () => {
    const result = read(good.replace("pixel-8", "pixel8"));
    expect(result.ok ? "" : result.errors[0]?.fix).toContain("pixel-8");
  });

  it("of a later version are refused by name", () => {
    expect(problems(`${good}escalation: { to: cloud }\n`)).toEqual(["NOT_IN_THIS_VERSION 13:1"]);
    expect(problems(good.replace("image-classification", "keyword-spotting"))).toEqual(["NOT_IN_THIS_VERSION 3:9"]);
  });

  it("that contradict themselves are refused", () => {
    expect(problems(good.replace('ram: "<= 64 KiB"', 'ram: "<= 64 KiB", ram: "<= 32 KiB"'))).toEqual(["DUPLICATE_KEY 9:51"]);
    expect(problems(good.replace("max: 10 ms", "max: 10 ms, min: 12 ms"))).toEqual(["BUDGET_CONTRADICTORY 11:49"]);
  });

  it("in syntax point at the place", () => {
    expect(problems("version: 1\ntask: [\n")).toContain("YAML_SYNTAX 3:1");
    expect(problems("")[0]).toMatch(/WRONG_TYPE|MISSING_KEY/);
  });

  it("by alias expansion are bounded", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]", "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]", "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]", "d: [*c, *c, *c, *c, *c, *c, *c, *c, *c]"].join("\n");
    expect(problems(bomb)).toEqual(["YAML_ALIASES 1:1"]);
  });
});
