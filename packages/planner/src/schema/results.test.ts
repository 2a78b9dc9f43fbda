import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MAX_RESULTS_CHARACTERS, readResults, resultsJsonSchema } from "./results.ts";

const text = readFileSync(new URL("fixtures/results.json", import.meta.url), "utf8");
const example = JSON.parse(text) as Record<string, unknown>;

function problemsOf(change: Record<string, unknown>): readonly string[] {
  const read = readResults(JSON.stringify({ ...example, ...change }), "results.json");
  return read.ok ? [] : read.errors.map(({ code, subject }) => `${code} ${subject.kind === "file" ? subject.keyPath ?? "" : ""}`.trim());
}

describe("a benchmark's results", () => {
  it("are read as they were printed", () => {
    expect(readResults(text, "results.json")).toMatchObject({ ok: true, value: example, warnings: [] });
  });

  it.each(Object.keys(example))("need %s", (key) => {
    const { [key]: _, ...rest } = example;
    const read = readResults(JSON.stringify(rest), "results.json");
    expect(read.ok ? [] : read.errors.map(({ code }) => code)).toContain("RESULTS_INVALID");
  });

  it.each([
    ["a field nobody knows", { chip: "x" }, "RESULTS_INVALID"],
    ["another version", { version: 2 }, "RESULTS_INVALID version"],
    ["a digest that is none", { candidate: "abc" }, "RESULTS_INVALID candidate"],
    ["no time at all", { burst: { warmUpRuns: 0, runs: 10, durationMs: 10, p50Ms: 0, p95Ms: 1 } }, "RESULTS_INVALID burst.p50Ms"],
    ["nanoseconds taken for milliseconds", { burst: { warmUpRuns: 0, runs: 1, durationMs: 4e6, p50Ms: 4e6, p95Ms: 4e6 } }, "RESULTS_INVALID burst.p50Ms"],
    ["a cause of another class", { fallbacks: [{ backend: "npu", cause: "mood", message: "" }] }, "RESULTS_INVALID fallbacks.0.cause"],
    ["percentiles out of order", { burst: { warmUpRuns: 0, runs: 10, durationMs: 100, p50Ms: 5, p95Ms: 4 } }, "RESULTS_IMPLAUSIBLE burst.p95Ms"],
    ["more time than passed", { sustained: { warmUpRuns: 0, runs: 100, durationMs: 100, p50Ms: 5, p95Ms: 6 } }, "RESULTS_IMPLAUSIBLE sustained.durationMs"],
    ["more passed than tried", { selfTest: { vectors: 1, passed: 2, worstOfAllowed: null } }, "RESULTS_IMPLAUSIBLE selfTest.passed"],
    ["more delegated than there is", { placement: { fullyDelegated: false, layers: 3, delegatedLayers: 4, delegatedMacsFraction: null } }, "RESULTS_IMPLAUSIBLE placement.delegatedLayers"],
    ["all delegated and some not", { placement: { fullyDelegated: true, layers: 4, delegatedLayers: 3, delegatedMacsFraction: null } }, "RESULTS_IMPLAUSIBLE placement.fullyDelegated"],
  ])("are refused with %s", (_, change, problem) => {
    expect(problemsOf(change)).toContain(problem);
  });

  it("report every mistake at once", () => {
    expect(problemsOf({ version: 2, candidate: "x", threads: 0 })).toHaveLength(3);
  });

  it("are refused when they are no JSON, or too large to be results", () => {
    expect(readResults(text.slice(0, -20), "r")).toMatchObject({ ok: false, errors: [{ code: "JSON_SYNTAX" }] });
    expect(readResults(" ".repeat(MAX_RESULTS_CHARACTERS + 1), "r")).toMatchObject({ ok: false, errors: [{ code: "RESULTS_TOO_LARGE" }] });
  });

  it("never throw, wherever the text ends", () => {
    for (let end = 0; end < text.length - 2; end += 7) expect(readResults(text.slice(0, end), "r").ok).toBe(false);
  });

  it("have a JSON Schema with every field required", () => {
    expect(resultsJsonSchema()).toMatchObject({ $id: "results.schema.json", required: Object.keys(example), additionalProperties: false });
  });
});
