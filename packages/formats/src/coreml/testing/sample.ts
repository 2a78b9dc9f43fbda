import { type Graph, type Result, type Tensor, elementCount, parseGraph, propagateShapes, valueOf } from "@edgewise/graph";

/** A small picture classifier: convolution, pool, dense layer, probabilities. */
export const classifierText = `graph classifier
in image: float32[1, 3, 8, 8]
w: float32[4, 3, 3, 3] = const seed 1
b: float32[4] = const seed 2
c = Conv(image, w, b) pads=[1, 1, 1, 1] clampMin=0
p = MaxPool(c) kernel_shape=[2, 2] strides=[2, 2]
s: int64[2] = const [1, 64]
f = Reshape(p, s)
d: float32[5, 64] = const seed 3
e: float32[5] = const seed 4
g = Gemm(f, d, e) transB=1
scores = Softmax(g) axis=1
out scores
`;

export function graphOf(text: string): Graph {
  return value(propagateShapes(parseGraph(text)));
}

export const classifier: Graph = graphOf(classifierText);

/** The value of a result that must be one. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** Codes of a result that must have failed. */
export function codes<T>(result: Result<T>): readonly string[] {
  if (result.ok) throw new Error("this was to fail");
  return result.errors.map(({ code }) => code);
}

/** Numbers from −scale to scale for each float input; the same on every run. */
export function feedsOf(graph: Graph, scale = 2): ReadonlyMap<string, Tensor> {
  return new Map(graph.inputs.map((id, phase): [string, Tensor] => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => scale * Math.sin(1 + phase + i * 0.7)) }];
  }));
}

/** Largest difference between two lists of tensors of the same shapes. */
export function largestDifference(expected: Iterable<Tensor>, found: Iterable<Tensor>): number {
  const others = [...found];
  let most = 0;
  for (const [index, { data }] of [...expected].entries()) for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(Number(data[i]) - Number(others[index]?.data[i])));
  return most;
}
