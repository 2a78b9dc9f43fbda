import { type Graph, parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { anyCnn, anyInt8Cnn } from "@edgewise/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowerToTflite } from "./lower.ts";
import { bothAnswers, disagreement, shaped, written } from "./testing/agreement.ts";
import { floatCases } from "./testing/cases.ts";
import { int8Cases } from "./testing/int8-cases.ts";
import { anyMoves } from "./testing/random-moves.ts";

const text = (body: string): Graph => shaped(parseGraph(`graph test\n${body}\n`));

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

describe("a graph as TensorFlow Lite operators", () => {
  it.each(floatCases)("$name: answers as the graph does, by $operators", ({ graph, operators }) => {
    const from = shaped(parseGraph(graph));
    const file = written(from);
    expect(file.program.operators.map(({ op }) => op)).toEqual(operators);
    expect(disagreement(bothAnswers(from, file))).toBe(0);
  });

  it.each(int8Cases)("int8 $name: answers bit for bit, by $operators", ({ graph, operators }) => {
    const from = shaped(parseGraph(graph));
    const file = written(from);
    expect(file.program.operators.map(({ op }) => op)).toEqual(operators);
    expect(disagreement(bothAnswers(from, file))).toBe(0);
  });

  it("random float networks answer as before, as read and canonical", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      for (const form of [shaped(graph), canonical(graph)]) expect(disagreement(bothAnswers(form, written(form)))).toBe(0);
    }), { numRuns: 60, seed: 4 });
  });

  it("random int8 networks answer bit for bit, as read and canonical", () => {
    fc.assert(fc.property(anyInt8Cnn, (graph) => {
      for (const form of [shaped(graph), canonical(graph)]) expect(disagreement(bothAnswers(form, written(form)))).toBe(0);
    }), { numRuns: 60, seed: 4 });
  });

  it("networks that move their axes about answer as before, as read and canonical", () => {
    fc.assert(fc.property(anyMoves, fc.boolean(), (graph, free) => {
      for (const form of [graph, canonical(graph)]) expect(disagreement(bothAnswers(form, written(form, { pictures: free ? "nhwc" : "as-graph" })))).toBe(0);
    }), { numRuns: Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 150), seed: 8 });
  });

  it("canonical random networks keep no transpose but one of rows they are fed", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      expect(written(canonical(graph)).transposes).toBe(0);
    }), { numRuns: 60, seed: 5 });
  });

  it("every operator has a node and its origin", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      const { program, nodes } = written(shaped(graph));
      expect(nodes.length).toBe(program.operators.length);
      program.operators.forEach(({ origin }, i) => expect(origin).toBe(nodes[i]?.origin));
    }), { numRuns: 20, seed: 6 });
  });

  it("the same graph gives the same bytes", () => {
    fc.assert(fc.property(anyCnn, (graph) => {
      expect(written(shaped(graph)).bytes).toEqual(written(shaped(graph)).bytes);
    }), { numRuns: 20, seed: 7 });
  });

  it("a tensor that holds a value has its name, so that a profile can be read", () => {
    const { program } = written(text("in x: float32[1, 2, 4, 4]\nw: float32[3, 2, 1, 1] = const seed 1\nv: float32[2, 48] = const seed 2\nc = Conv(x, w) kernel_shape=[1, 1]\nf = Flatten(c)\ny = Gemm(f, v) transB=1\nout y"));
    expect(program.tensors.filter(({ data }) => data === null).map(({ name }) => name)).toEqual(["x", "c", "f", "y"]);
  });
});

describe("ports", () => {
  const net = "in x: float32[1, 3, 8, 6]\nw: float32[4, 3, 3, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3, 3]\nout y";

  it("pictures cross the border channels last, and the ports say so", () => {
    const { inputs, outputs, transposes } = written(text(net));
    expect([inputs, outputs, transposes]).toEqual([[{ value: "x", shape: [1, 8, 6, 3], layout: "nhwc" }], [{ value: "y", shape: [1, 6, 4, 4], layout: "nhwc" }], 0]);
  });

  it("as-graph keeps the graph's shapes at the cost of a transpose at each border", () => {
    const file = written(text(net), { pictures: "as-graph" });
    expect([file.inputs[0], file.outputs[0], file.program.operators.map(({ op }) => op)]).toEqual([
      { value: "x", shape: [1, 3, 8, 6], layout: "as-graph" }, { value: "y", shape: [1, 4, 6, 4], layout: "as-graph" }, ["TRANSPOSE", "CONV_2D", "TRANSPOSE"],
    ]);
    expect(disagreement(bothAnswers(text(net), file))).toBe(0);
  });

  it("a picture that the graph has channels last stays as it is", () => {
    const { inputs, transposes } = written(text("in x: float32[1, 8, 6, 3]\nw: float32[4, 3, 3, 3] = const seed 1\nt = Transpose(x) perm=[0, 3, 1, 2]\ny = Conv(t, w) kernel_shape=[3, 3]\nout y"));
    expect([inputs, transposes]).toEqual([[{ value: "x", shape: [1, 8, 6, 3], layout: "as-graph" }], 0]);
  });

  it("outputs that are one tensor, or an input, become tensors of their own", () => {
    const graph = text("in x: float32[1, 4]\ny = Relu(x)\nz = Identity(y)\nv = Identity(x)\nout y, z, v");
    const file = written(graph);
    expect(new Set(file.program.outputs).size).toBe(3);
    expect(file.program.outputs.includes(file.program.inputs[0] ?? -1)).toBe(false);
    expect(disagreement(bothAnswers(graph, file))).toBe(0);
  });
});

describe("what has no operator", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["windows over three axes", "in x: float32[1, 2, 3, 3, 3]\nw: float32[2, 2, 1, 1, 1] = const seed 1\ny = Conv(x, w) kernel_shape=[1, 1, 1]\nout y", "Conv"],
    ["positions of maxima", "in x: float32[1, 2, 4, 4]\ny, i = MaxPool(x) kernel_shape=[2, 2]\nout y, i", "MaxPool"],
    ["dilated maxima", "in x: float32[1, 2, 4, 4]\ny = MaxPool(x) kernel_shape=[2, 2] dilations=[2, 2]\nout y", "MaxPool"],
    ["computed weights", "in x: float32[1, 2, 4, 4]\nin w: float32[2, 2, 1, 1]\ny = Conv(x, w) kernel_shape=[1, 1]\nout y", "Conv"],
    ["layers of plain integers", "in x: int32[2]\ny = Relu(x)\nout y", "Relu"],
    ["interpolation with positions of its own", "in x: float32[1, 2, 5, 5]\ns: float32[4] = const [1, 1, 1.5, 1.5]\ny = Resize(x, _, s) mode=\"linear\"\nout y", "Resize"],
    ["int8 averages that count their padding", "in x: int8[1, 2, 4, 4] scale=1\ny: int8[1, 2, 4, 4] scale=1 = AveragePool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1] count_include_pad=1\nout y", "AveragePool"],
    ["element types without tensors", "in x: float32[2]\ny = Cast(x) to=\"float64\"\nout y", "Cast"],
  ];

  it.each(refused)("%s: refused with the node and a next step", (_, body, op) => {
    const result = lowerToTflite(text(body));
    const errors = result.ok ? [] : result.errors;
    expect(errors.map(({ code, subject }) => [code, subject.kind === "node" ? subject.op : ""])).toEqual([["TFLITE_NO_OPERATOR", op]]);
    expect(errors[0]?.fix).toMatch(/\.$/);
  });

  it("all nodes without an operator are named at once", () => {
    const result = lowerToTflite(text("in x: float32[1, 2, 8, 8]\na = MaxPool(x) kernel_shape=[2, 2] dilations=[2, 2]\nb = Relu(a)\ny = MaxPool(b) kernel_shape=[2, 2] dilations=[3, 3]\nout y"));
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["TFLITE_NO_OPERATOR", "TFLITE_NO_OPERATOR"]);
  });

  it("an input of a type without tensors is named", () => {
    const result = lowerToTflite(text("in x: float64[2]\ny = Relu(x)\nout y"));
    expect(result.ok ? [] : result.errors.map(({ code, subject }) => [code, subject])).toEqual([["TFLITE_NO_TYPE", { kind: "argument", name: "x" }]]);
  });

  it("a size that is not bound is asked for", () => {
    const result = lowerToTflite(parseGraph("graph g\nin x: float32[N, 4]\ny: float32[N, 4] = Relu(x)\nout y\n"));
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["TFLITE_OPEN_SIZE", "TFLITE_OPEN_SIZE"]);
  });
});
