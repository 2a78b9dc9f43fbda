import { describe, expect, test } from "vitest";
import { bindDims, openDims, rebindInput } from "./bind.ts";
import type { Result } from "./diagnostic.ts";
import type { Graph } from "./graph.ts";
import { parseGraph } from "./parse-text.ts";
import { propagateShapes } from "./shape.ts";

function shapeOf(result: Result<Graph>, id: string): unknown {
  return result.ok ? result.value.values.get(id)?.shape : result.errors.map(({ code, subject }) => `${code} ${subject.kind === "node" ? subject.node : ""}`);
}

describe("propagateShapes", () => {
  test("carries named dims and integer contents through Shape, Gather and Concat into a Reshape", () => {
    const graph = parseGraph(`
      in x: float32[N, 3, 4, 5]
      first: int64[1] = const [0]
      rest: int64[1] = const [60]
      s = Shape(x)
      n = Gather(s, first) axis=0
      shape = Concat(n, rest) axis=0
      y = Reshape(x, shape)
      out y
    `);
    expect(shapeOf(propagateShapes(graph), "y")).toEqual(["N", 60]);
  });

  test("gives the same object back when every shape is known", () => {
    const first = propagateShapes(parseGraph("in x: float32[2]\ny = Relu(x)\nout y"));
    expect(first.ok && propagateShapes(first.value)).toEqual({ ok: true, value: first.ok && first.value, warnings: [] });
    expect(first.ok && (propagateShapes(first.value) as { value: Graph }).value === first.value).toBe(true);
  });

  test("prefers the file's number to a name, and refuses another number, naming the node", () => {
    expect(shapeOf(propagateShapes(parseGraph("in x: float32[N]\ny: float32[4] = Relu(x)\nout y")), "y")).toEqual([4]);
    expect(shapeOf(propagateShapes(parseGraph("in x: float32[3]\ny: float32[4] = Relu(x)\nout y")), "y")).toEqual(["SHAPE_CONFLICT y"]);
  });

  test("reports what an op cannot take, with the user's node", () => {
    const graph = parseGraph("in x: float32[1, 3]\nw: float32[4, 2] = const seed 1\ny = MatMul(x, w) as \"fc\"\nout y");
    expect(shapeOf(propagateShapes(graph), "y")).toEqual(["OP_SHAPE fc"]);
  });

  test("keeps the stored type of quantized values", () => {
    const result = propagateShapes(parseGraph("in x: int8[2] scale=1\ny: int8[?] scale=2 = Relu(x)\nz = Dequantize(y)\nout z"));
    expect(result.ok && ["y", "z"].map((id) => result.value.values.get(id)?.dtype)).toEqual(["int8", "float32"]);
  });
});

describe("bindDims", () => {
  const graph = parseGraph("in x: float32[N, C]\ny = Relu(x)\nout y");

  test("gives names their sizes everywhere", () => {
    const bound = bindDims(graph, { N: 1, C: 4 });
    expect(shapeOf(bound, "y")).toEqual([1, 4]);
    expect(bound.ok && openDims(bound.value)).toEqual([]);
  });

  test("refuses names that the model does not have and sizes that are none, all at once", () => {
    expect(shapeOf(bindDims(graph, { M: 1, N: 0 }), "y")).toEqual(["BIND_UNKNOWN_DIM ", "BIND_SIZE "]);
  });
});

describe("rebindInput", () => {
  const model = (tail: string): Graph => {
    const result = propagateShapes(parseGraph(`
      in x: float32[1, 1, 8, 8]
      w: float32[2, 1, 3, 3] = const seed 1
      c = Conv(x, w) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[2, 2]
      ${tail}
      out y
    `));
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    return result.value;
  };
  const pooled = model("g = GlobalAveragePool(c)\n f = Flatten(g)\n k: float32[3, 2] = const seed 2\n y = Gemm(f, k) transB=1 as \"fc\"");
  const flat = model("f = Flatten(c)\n k: float32[3, 32] = const seed 2\n y = Gemm(f, k) transB=1 as \"fc\"");
  const reshaped = model("s: int64[2] = const [-1, 32]\n f = Reshape(c, s) as \"view\"\n k: float32[3, 32] = const seed 2\n y = Gemm(f, k) transB=1 as \"fc\"");

  test("a model that pools over the plane takes any resolution", () => {
    expect(shapeOf(rebindInput(pooled, { heightPx: 12, widthPx: 16 }), "c")).toEqual([1, 2, 6, 8]);
  });

  test("the resolution that it has is no change", () => {
    const result = rebindInput(flat, { heightPx: 8, widthPx: 8 });
    expect(result.ok && result.value === flat).toBe(true);
  });

  test("a Gemm on a flattened plane fixes the resolution, and is named", () => {
    expect(shapeOf(rebindInput(flat, { heightPx: 12, widthPx: 16 }), "y")).toEqual(["REBIND_FORBIDDEN fc"]);
  });

  test("a Reshape that would move pixels into the batch is named", () => {
    expect(shapeOf(rebindInput(reshaped, { heightPx: 16, widthPx: 16 }), "y")).toEqual(["REBIND_FORBIDDEN view"]);
  });

  test("says which file would help", () => {
    const result = rebindInput(flat, { heightPx: 12, widthPx: 16 });
    expect(result.ok ? "" : result.errors[0]?.fix).toContain("12x16");
  });

  test("an input that is transposed from [N, H, W, C] is an image too", () => {
    const graph = parseGraph("in x: float32[1, 8, 8, 3]\nt = Transpose(x) perm=[0, 3, 1, 2]\ny = GlobalAveragePool(t)\nout y");
    const result = propagateShapes(graph);
    expect(result.ok && shapeOf(rebindInput(result.value, { heightPx: 4, widthPx: 6 }), "t")).toEqual([1, 3, 4, 6]);
  });
});
