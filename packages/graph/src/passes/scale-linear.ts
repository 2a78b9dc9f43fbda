import type { Graph, Node, ValueId } from "../graph.ts";
import type { Linear } from "./linear.ts";
import { makeConstant } from "./real-constant.ts";
import { type Edit, freshId } from "./rewrite.ts";

/** y[c] = x[c] · scale[c] + offset[c], one entry per channel. */
export interface ChannelAffine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

interface ScaleOutputs {
  readonly graph: Graph;
  readonly producer: Node;
  readonly linear: Linear;
  readonly affine: ChannelAffine;
  /** The node whose work goes away; the producer takes over its result. */
  readonly last: Node;
}

/** Multiplies the rows of the weights and maps the bias; null when the producer clamps its result. */
export function scaleOutputs({ graph, producer, linear, affine, last }: ScaleOutputs): Edit | null {
  if (producer.attrs["clampMin"] !== undefined || producer.attrs["clampMax"] !== undefined) return null;
  const { weight, bias, rowOf } = linear;
  const data = weight.data.map((w, i) => w * (affine.scale[rowOf(i)] ?? 1));
  const shifted = bias.map((b, m) => b * (affine.scale[m] ?? 1) + (affine.offset[m] ?? 0));
  const fused = withWeights({ graph, node: producer, linear, data, bias: shifted });
  return { replace: new Map([[producer, []], [last, [{ ...fused.node, outputs: last.outputs }]]]), values: fused.values };
}

interface WithWeights {
  readonly graph: Graph;
  readonly node: Node;
  readonly linear: Linear;
  readonly data: Float64Array;
  readonly bias: Float64Array;
}

/** The node with new constants. Weights that did not change stay the file's bytes. */
export function withWeights({ graph, node, linear, data, bias }: WithWeights): { readonly node: Node; readonly values: NonNullable<Edit["values"]> } {
  const output = node.outputs[0] ?? "";
  const { weight } = linear;
  const same = data.every((w, i) => Object.is(w, weight.data[i]));
  const weightId = same ? (node.inputs[1] ?? "") : ownId(graph, node.inputs[1] ?? null, `${output}.weight`);
  const biasId = ownId(graph, node.inputs[2] ?? null, `${output}.bias`);
  const values = [
    ...(same ? [] : [makeConstant(weightId, { ...weight, data })]),
    makeConstant(biasId, { shape: [bias.length], dtype: weight.dtype, data: bias }),
  ];
  return { node: { ...node, attrs: linear.attrs, inputs: [node.inputs[0] ?? null, weightId, biasId] }, values };
}

/** `wanted`, also when it names the constant that is being replaced and nothing else reads that. */
function ownId(graph: Graph, replaced: ValueId | null, wanted: ValueId): ValueId {
  const readers = graph.nodes.filter((node) => node.inputs.includes(wanted)).length;
  return replaced === wanted && readers === 1 ? wanted : freshId(graph, wanted);
}
