import { type Graph, interpret, verifyGraph } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import { readCoreml } from "./read.ts";
import { feedsOf, graphOf, largestDifference, value } from "./testing/sample.ts";
import { singleOps } from "./testing/single-ops.ts";
import { writeCoreml } from "./write.ts";

/** Rounding of float32 constants that an operation takes as parameters. */
const FLOAT32_ERROR = 1e-6;
/** Ten roundings to float16 in a row, of numbers up to 4. */
const FLOAT16_ERROR = 4 * 10 * 2 ** -11;

/** Largest difference between what the graph computes and what the written program does. */
function difference(graph: Graph, compute: "float32" | "float16"): number {
  const { files, inputNames } = value(writeCoreml(graph, { compute }));
  const read = value(readCoreml(files, { file: "single.mlpackage" }));
  const feeds = feedsOf(graph);
  const expected = [...interpret(graph, feeds).values()];
  const found = [...interpret(read.graph, new Map([...feeds].map(([id, tensor]) => [inputNames[id] ?? "", tensor]))).values()];
  expect(found.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(expected.map(({ shape, dtype }) => ({ shape, dtype })));
  return largestDifference(expected, found);
}

describe("a program of one op", () => {
  it.each(Object.entries(singleOps))("%s: computes in float32 what the graph does", (_, text) => {
    const graph = graphOf(`graph single\n${text}\n`);
    expect(verifyGraph(graph)).toEqual([]);
    expect(difference(graph, "float32")).toBeLessThanOrEqual(FLOAT32_ERROR);
  });

  it.each(Object.entries(singleOps).filter(([name]) => !name.startsWith("Cast")))("%s: computes in float16 what the graph does, to a few roundings", (_, text) => {
    expect(difference(graphOf(`graph single\n${text}\n`), "float16")).toBeLessThanOrEqual(FLOAT16_ERROR);
  });
});
