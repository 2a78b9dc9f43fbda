import { beforeAll, describe, expect, test } from "vitest";
import { type TargetedModel, writeForOldest } from "../../packages/adapter-coreml/src/targets.ts";
import { singleOps } from "../../packages/formats/src/coreml/testing/single-ops.ts";
import { type Graph, type Result, parseGraph } from "../../packages/graph/src/index.ts";
import { toFloat16 } from "../../packages/quantizer/src/index.ts";
import { type JudgeCase, type Verdict, judge } from "./judge.ts";

function valueOrThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** Every op and form that is written, computed in both float types, for the oldest system that can say it. */
const cases: readonly (JudgeCase & Pick<TargetedModel, "target">)[] = Object.entries(singleOps).flatMap(([name, text]) => (["float32", "float16"] as const).map((compute) => {
  const graph: Graph = parseGraph(`graph one\n${text}\n`);
  const ready = compute === "float32" ? graph : toFloat16(graph);
  const { target, written } = valueOrThrow(writeForOldest(ready, { precision: compute, options: { compute } }));
  return { name: `${name} in ${compute}`, target, files: written.files, graph: ready, bound: { relative: 0, absolute: 0 } };
}));

let verdicts: ReadonlyMap<string, Verdict>;
beforeAll(() => { verdicts = new Map(judge(cases).map((verdict) => [verdict.name, verdict])); }, 120_000);

describe("every op that is claimed", () => {
  test.each(cases)("$name: coremltools types it and knows every field", ({ name }) => {
    const { error, unknownFields } = verdicts.get(name)!;
    expect(error).toBeUndefined();
    expect(unknownFields).toEqual([]);
  });
});
