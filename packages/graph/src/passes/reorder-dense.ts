import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import type { OpName } from "../op.ts";
import { transpose } from "../ops/transpose.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";
import { permOf } from "./drop-identity.ts";
import type { Pass } from "./pass.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

const reshaping: ReadonlySet<OpName> = new Set<OpName>(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * A Gemm that reads its rows through transposes reads them as they are, with its weights in their order instead.
 *
 *   Σ_k a[m, π(k)] · w[n, k] = Σ_k a[m, k] · w[n, π⁻¹(k)], of any number of Transpose and reshaping nodes in a row
 *
 * Exact on integers. Does not apply when a value between is read elsewhere, when the rows (the first dim) are moved or
 * joined, when another dim has no number, or to weights that are computed or quantized along their depth.
 */
export const reorderDense: Pass = {
  name: "reorder-dense",
  summary: "gives a Gemm below transposes its weights in their order",
  run: (graph: Graph): Graph => rewriteEach(graph, reorderAt),
};

function reorderAt(context: RuleContext): Edit | null {
  const { graph, node } = context;
  const [a = null, b = null] = node.inputs;
  const [, depth] = (a === null ? null : valueOf(graph, a).shape) ?? [];
  if (node.op !== "Gemm" || a === null || b === null || typeof depth !== "number" || depth < 1 || (node.attrs["transA"] ?? 0) !== 0) return null;
  const transposed = node.attrs["transB"] === 1;
  const weights = valueOf(graph, b);
  if (!weights.constant || weights.quant?.axis === (transposed ? 1 : 0)) return null;
  const chain = chainAbove(context, a);
  const source = chain[0]?.inputs[0] ?? null;
  if (source === null) return null;
  const order = orderOf(graph, chain, depth);
  if (order === null) return null;
  const moves = order.some((place, i) => place !== i);
  const reordered = moves ? withOrder(graph, weights, { order, transposed }) : weights;
  const rows: Value = { ...valueOf(graph, a), id: freshId(graph, `${a}.unordered`) };
  const shape = makeIndexConstant(freshId(graph, `${rows.id}.shape`), [-1, depth]);
  const reshape: Node = { op: "Reshape", inputs: [source, shape.id], outputs: [rows.id], attrs: {}, origin: chain[0]?.origin ?? node.origin };
  const gemm: Node = { ...node, inputs: [rows.id, reordered.id, ...node.inputs.slice(2)] };
  return { replace: new Map<Node, readonly Node[]>([...chain.map((each): [Node, readonly Node[]] => [each, []]), [node, [reshape, gemm]]]), values: [rows, shape, ...(moves ? [reordered] : [])] };
}

/** Transposes and reshaping nodes above a value, in order, down from the first Transpose; none when there is no Transpose. */
function chainAbove({ graph, uses, node }: RuleContext, from: ValueId): readonly Node[] {
  const chain: Node[] = [];
  let reader = node;
  for (let id: ValueId | null = from; id !== null && uses.onlyConsumer(id) === reader;) {
    const above = uses.producer(id);
    if (!above || !(above.op === "Transpose" || reshaping.has(above.op)) || !keepsRows(graph, above)) break;
    chain.unshift(above);
    reader = above;
    id = above.inputs[0] ?? null;
  }
  return chain.slice(chain.findIndex(({ op }) => op === "Transpose") === -1 ? chain.length : chain.findIndex(({ op }) => op === "Transpose"));
}

function keepsRows(graph: Graph, node: Node): boolean {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  const from = input === null ? null : valueOf(graph, input).shape;
  const to = output === null ? null : valueOf(graph, output).shape;
  if (!from || !to || from.length === 0 || from[0] !== to[0]) return false;
  if ([...from.slice(1), ...to.slice(1)].some((dim) => typeof dim !== "number")) return false;
  return node.op !== "Transpose" || permOf(node, from.length)[0] === 0;
}

/** For each element of a row below the chain, its place above; null when a row is not `depth` elements. */
function orderOf(graph: Graph, chain: readonly Node[], depth: number): Int32Array | null {
  let row: Tensor = { dtype: "int32", shape: [depth], data: Int32Array.from({ length: depth }, (_, i) => i) };
  for (const node of chain) {
    if (node.op !== "Transpose") continue;
    const shape = [1, ...(valueOf(graph, node.inputs[0] ?? "").shape ?? []).slice(1).map(Number)];
    if (elementCount(shape) !== depth) return null;
    const [turned] = transpose.evaluate([{ ...row, shape }], { perm: permOf(node, shape.length) }, 1);
    if (turned) row = turned;
  }
  return Int32Array.from(row.data, Number);
}

function withOrder(graph: Graph, weights: Value, { order, transposed }: { readonly order: Int32Array; readonly transposed: boolean }): Value {
  const tensor = decodeConstant(weights);
  const [first = 0, second = 0] = tensor.shape;
  const data = tensor.data.slice();
  for (let n = 0; n < (transposed ? first : second); n++) {
    order.forEach((place, k) => {
      const [to, from] = transposed ? [n * second + place, n * second + k] : [place * second + n, k * second + n];
      data[to] = tensor.data[from] as never; // same array type
    });
  }
  return { ...weights, id: freshId(graph, `${weights.id}.reordered`), constant: { bytes: encodeTensor({ ...tensor, data }) } };
}
