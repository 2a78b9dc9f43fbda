import { type Graph, verifyGraph } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import type { ExternalRange } from "./external.ts";
import { type ReadOnnxOptions, readOnnx } from "./read.ts";
import { type FileParts, modelFile, tensor } from "./testing/model-file.ts";
import { writeOnnx } from "./write.ts";

const x = { x: ["float32", [1, 3]] } as const;
const y = { y: ["float32", null] } as const;

function file(parts: Partial<FileParts>): Uint8Array {
  return modelFile({ opset: 17, inputs: x, outputs: y, nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }], ...parts });
}

function read(bytes: Uint8Array, options: Partial<ReadOnnxOptions> = {}): Graph {
  const result = readOnnx(bytes, { file: "m.onnx", ...options });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  expect(verifyGraph(result.value)).toEqual([]);
  return result.value;
}

function errors(bytes: Uint8Array, options: Partial<ReadOnnxOptions> = {}): readonly { readonly code: string; readonly found?: string }[] {
  const result = readOnnx(bytes, { file: "m.onnx", ...options });
  return result.ok ? [] : result.errors;
}

describe("readOnnx", () => {
  it("says of a LiteRT file and of onnxruntime's own format what they are, not that they are broken", () => {
    for (const [identifier, name] of [["TFL3", "LiteRT"], ["ORTM", "onnxruntime"]] as const) {
      const [error] = errors(Uint8Array.from([0x1c, 0, 0, 0, ...Buffer.from(identifier, "latin1"), 0, 0, 0, 0]));
      expect(error?.code).toBe("ONNX_NOT_A_MODEL");
      expect(error?.found).toContain(name);
    }
  });
  it("names every op it cannot take, with node and file", () => {
    const result = errors(file({ nodes: [
      { op: "Loop", inputs: ["x"], outputs: ["a"], name: "/loop" }, { op: "Relu", inputs: ["a"], outputs: ["b"] },
      { op: "GridSample", inputs: ["b"], outputs: ["c"] }, { op: "QLinearConv", inputs: ["c"], outputs: ["y"] }] }));
    expect(result).toMatchObject([
      { code: "OP_UNSUPPORTED", found: "Loop", subject: { kind: "node", file: "m.onnx", node: "/loop", op: "Loop" } },
      { code: "OP_UNSUPPORTED", found: "GridSample", subject: { node: "c" } },
      { code: "OP_UNSUPPORTED", found: "QLinearConv" }]);
  });

  it("puts nodes that stand in any order into topological order", () => {
    const nodes = [{ op: "Relu", inputs: ["b"], outputs: ["y"] }, { op: "Tanh", inputs: ["x"], outputs: ["a"] }, { op: "Elu", inputs: ["a"], outputs: ["b"] }];
    expect(read(file({ nodes })).nodes.map(({ op }) => op)).toEqual(["Tanh", "Elu", "Relu"]);
  });

  it("refuses a cycle, a value made twice, a value made by nothing, no outputs", () => {
    expect(errors(file({ nodes: [{ op: "Add", inputs: ["x", "y"], outputs: ["a"] }, { op: "Relu", inputs: ["a"], outputs: ["y"] }] }))).toMatchObject([{ code: "ONNX_GRAPH" }]);
    expect(errors(file({ nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }, { op: "Elu", inputs: ["x"], outputs: ["y"] }] }))).toMatchObject([{ code: "ONNX_GRAPH", found: "y" }]);
    expect(errors(file({ nodes: [{ op: "Relu", inputs: ["ghost"], outputs: ["y"] }] }))).toMatchObject([{ code: "ONNX_GRAPH", found: "ghost" }]);
    expect(errors(file({ outputs: {} }))).toMatchObject([{ code: "ONNX_GRAPH" }]);
    expect(errors(file({ tensors: [tensor("w", [1], [1]), tensor("w", [1], [2])] }))).toMatchObject([{ code: "ONNX_GRAPH", found: "w" }]);
  });

  it("gives nodes without a name that of their output, and tells equal names apart", () => {
    const nodes = [{ op: "Relu", inputs: ["x"], outputs: ["a"] }, { op: "Relu", inputs: ["a"], outputs: ["b"], name: "n" }, { op: "Relu", inputs: ["b"], outputs: ["y"], name: "n" }];
    expect(read(file({ nodes })).nodes.map(({ origin }) => origin.node)).toEqual(["a", "n (b)", "n (y)"]);
  });

  it("takes an initializer that is also listed as an input for a constant", () => {
    const graph = read(file({ inputs: { ...x, w: ["float32", [3]] }, tensors: [tensor("w", [3], [1, 2, 3])], nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }] }));
    expect(graph.inputs).toEqual(["x"]);
    expect(graph.values.get("w")?.constant?.bytes.length).toBe(12);
  });

  it("holds constants as views of the file", () => {
    const bytes = file({ tensors: [tensor("w", [3], [1, 2, 3])], nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }] });
    expect(read(bytes).values.get("w")?.constant?.bytes.buffer).toBe(bytes.buffer);
  });

  it("names dims that the file leaves open", () => {
    expect(read(file({ inputs: { x: ["float32", ["N", 0, -1, 4]] } })).values.get("x")?.shape).toEqual(["N", "x_dim1", "x_dim2", 4]);
  });

  it("keeps the metadata, whatever its keys", () => {
    expect(read(file({ metadata: { family: "meter", ["__proto__"]: "text" } })).metadata).toEqual(Object.fromEntries([["family", "meter"], ["__proto__", "text"]]));
  });

  it("warns of an operator set that is newer than those it knows", () => {
    expect(readOnnx(file({ opset: 99 }), { file: "m.onnx" })).toMatchObject({ ok: true, warnings: [{ code: "ONNX_OPSET_NEWER", found: "99" }] });
  });
});

describe("external data", () => {
  const graph = read(file({ tensors: [tensor("w", [3], [1, 2, 3])], nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }] }));
  const at = (location: string): Uint8Array => {
    const { model } = writeOnnx(graph, { external: { location: "0123456789", thresholdBytes: 1 } });
    const text = new TextDecoder("latin1").decode(model).replace("0123456789", location.padEnd(10, "x").slice(0, 10));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  };

  it("is asked for by location, offset and length", () => {
    const written = writeOnnx(graph, { external: { location: "data/w.bin", thresholdBytes: 1 } });
    const asked: ExternalRange[] = [];
    const again = read(written.model, { external: (range) => (asked.push(range), written.external?.subarray(range.offset, range.offset + (range.length ?? 0)) ?? null) });
    expect(asked).toEqual([{ location: "data/w.bin", offset: 0, length: 12 }]);
    expect(again.values.get("w")?.constant?.bytes).toEqual(graph.values.get("w")?.constant?.bytes);
  });

  it.each(["../../secr", "/etc/passw", "C:\\windows", "a/../../bc", "a\\..\\bcde", "nul\0nul\0xy", "./weights.", "a//b/c/d/e", "file:///ab"])("refuses the location %j and never asks for it", (location) => {
    expect(errors(at(location), { external: () => { throw new Error("asked"); } })).toMatchObject([{ code: "ONNX_EXTERNAL_PATH" }]);
  });

  it("is refused when missing, or of another length", () => {
    expect(errors(at("weights.xx"))).toMatchObject([{ code: "ONNX_EXTERNAL_MISSING" }]);
    expect(errors(at("weights.xx"), { external: () => null })).toMatchObject([{ code: "ONNX_EXTERNAL_MISSING" }]);
    expect(errors(at("weights.xx"), { external: () => new Uint8Array(11) })).toMatchObject([{ code: "ONNX_TENSOR_BYTES" }]);
  });
});
