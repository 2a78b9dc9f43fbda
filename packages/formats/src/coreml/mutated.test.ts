import { verifyGraph } from "@edgewise/graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numbers } from "./literal.ts";
import type { MilArgument, MilDType, MilOperation, MilType } from "./mil.ts";
import type { CoremlModel } from "./model.ts";
import { readCoreml } from "./read.ts";
import { graphOf, value } from "./testing/sample.ts";
import { singleOps } from "./testing/single-ops.ts";
import { fileModel, writeCoreml } from "./write.ts";

const models: readonly CoremlModel[] = Object.values(singleOps).map((text) => value(writeCoreml(graphOf(`graph single\n${text}\n`))).model);

const dtypes: readonly MilDType[] = ["fp32", "fp16", "int32", "int8", "bool", "int64"];

interface Mutation {
  readonly model: number;
  readonly operation: number;
  readonly part: number;
  readonly dtype: MilDType;
  readonly shape: readonly number[];
  readonly how: "rename" | "literal" | "type" | "drop";
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  model: fc.nat(models.length - 1), operation: fc.nat(100), part: fc.nat(100), dtype: fc.constantFrom(...dtypes),
  shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), how: fc.constantFrom("rename", "literal", "type", "drop"),
});

/** One operation with one input bound to another value, to a literal or to nothing, or with another type of its result. */
function mutated({ model, operation, part, dtype, shape, how }: Mutation): CoremlModel {
  const original = models[model] as CoremlModel; // a position of the list
  const { operations, inputs } = original.program;
  const names = [...inputs.map(({ name }) => name), ...operations.flatMap(({ outputs }) => outputs.map(({ name }) => name))];
  const rebound = (given: readonly MilArgument[]): readonly MilArgument[] => {
    if (how === "drop") return [];
    return [how === "rename" ? names[operation % names.length] ?? "" : numbers(dtype, shape, Array.from({ length: shape.reduce((product, dim) => product * dim, 1) }, (_, index) => index + part - 50)), ...given.slice(1)];
  };
  const at = operation % operations.length;
  const changed = operations.map((each, index): MilOperation => {
    if (index !== at) return each;
    const type: MilType = { kind: "tensor", dtype, shape };
    if (how === "type" || Object.keys(each.inputs).length === 0) return { ...each, outputs: each.outputs.map((port) => ({ ...port, type })) };
    const key = Object.keys(each.inputs)[part % Object.keys(each.inputs).length] ?? "";
    return { ...each, inputs: { ...each.inputs, [key]: rebound(each.inputs[key] ?? []) } };
  });
  return { ...original, program: { ...original.program, operations: changed } };
}

describe("a program with one thing changed", () => {
  it("is a graph or diagnostics, and never throws", () => {
    fc.assert(fc.property(mutation, (change) => {
      const result = readCoreml(fileModel(mutated(change)), { file: "mutated" });
      if (result.ok) expect(verifyGraph(result.value.graph).filter(({ code }) => code === "GRAPH_UNKNOWN_VALUE")).toEqual([]);
      else expect(result.errors.every(({ code, fix }) => /^[A-Z_]+$/.test(code) && fix !== "")).toBe(true);
    }), { numRuns: 1500 });
  });
});
