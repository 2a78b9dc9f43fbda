/** The layers of the MLPerf Tiny image classifier as a graph with weights from a seed: 3x32x32 in, 10 classes out. */
import { parseGraph } from "../../packages/graph/dist/index.js";
import { canonicalize } from "../../packages/graph/dist/passes/index.js";

export function resnet8() {
  const lines = ["graph resnet8", "in x: float32[1, 3, 32, 32]"];
  let next = 0;
  const weights = (dims) => {
    const id = `k${next++}`;
    lines.push(`${id}: float32[${dims.join(", ")}] = const seed ${next}`);
    return id;
  };
  const node = (expression) => {
    const id = `v${next++}`;
    lines.push(`${id} = ${expression}`);
    return id;
  };
  const conv = (from, channels, { kernel, stride }) => {
    const [out, into] = channels;
    // "Same" padding as TensorFlow places it: of an even image at stride 2, below and to the right only.
    const pads = kernel === 1 ? "0, 0, 0, 0" : stride === 2 ? "0, 0, 1, 1" : "1, 1, 1, 1";
    return node(`Conv(${from}, ${weights([out, into, kernel, kernel])}, ${weights([out])}) kernel_shape=[${kernel}, ${kernel}] strides=[${stride}, ${stride}] pads=[${pads}]`);
  };
  let value = node(`Relu(${conv("x", [16, 3], { kernel: 3, stride: 1 })})`);
  let channels = 16;
  for (const [out, stride] of [[16, 1], [32, 2], [64, 2]]) {
    const first = node(`Relu(${conv(value, [out, channels], { kernel: 3, stride })})`);
    const second = conv(first, [out, out], { kernel: 3, stride: 1 });
    const short = stride === 1 ? value : conv(value, [out, channels], { kernel: 1, stride });
    value = node(`Relu(${node(`Add(${short}, ${second})`)})`);
    channels = out;
  }
  const pooled = node(`Flatten(${node(`GlobalAveragePool(${value})`)})`);
  const answer = node(`Softmax(${node(`Gemm(${pooled}, ${weights([10, 64])}, ${weights([10])}) transB=1`)})`);
  lines.push(`out ${answer}`);
  const graph = canonicalize(parseGraph(lines.join("\n")));
  if (!graph.ok) throw new Error(JSON.stringify(graph.errors));
  return graph.value;
}
