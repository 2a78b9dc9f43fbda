import { type Graph, valueOf } from "../graph.ts";
import { permOf } from "./drop-identity.ts";
import type { Pass } from "./pass.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/**
 * Transposes that follow one another become one, and one that only moves dims of size 1 becomes a Reshape.
 *
 * Does not apply to a Reshape's worth of dims without numbers (more than one), nor to a transpose of a graph input, which
 * states the layout of the user's image.
 */
export const mergeTransposes: Pass = {
  name: "merge-transposes",
  summary: "joins transposes in a row; writes one that moves nothing in memory as Reshape",
  run: (graph: Graph): Graph => rewriteEach(graph, (context) => joinAt(context) ?? reshapeAt(context)),
};

/** y = x permuted by p, then by q: y's axis i is x's axis p[q[i]]. */
function joinAt({ graph, uses, node }: RuleContext): Edit | null {
  const [between = null] = node.inputs;
  if (node.op !== "Transpose" || between === null) return null;
  const first = uses.producer(between);
  const input = first?.inputs[0] ?? null;
  const rank = valueOf(graph, between).shape?.length;
  if (first?.op !== "Transpose" || input === null || rank === undefined) return null;
  const inner = permOf(first, rank);
  const perm = permOf(node, rank).map((axis) => inner[axis] ?? axis);
  return { replace: new Map([[node, [{ ...node, inputs: [input], attrs: { perm } }]]]) };
}

function reshapeAt({ graph, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Transpose" || input === null || output === null || graph.inputs.includes(input)) return null;
  const from = valueOf(graph, input).shape;
  const to = valueOf(graph, output).shape;
  if (from === null || to === null || to.includes(0) || to.filter((dim) => typeof dim === "string").length > 1) return null;
  const moved = permOf(node, from.length).filter((axis) => from[axis] !== 1);
  if (moved.some((axis, i) => i > 0 && axis < (moved[i - 1] ?? 0))) return null;
  const shape = makeIndexConstant(freshId(graph, `${output}.shape`), to.map((dim) => (typeof dim === "number" ? dim : -1)));
  return { replace: new Map([[node, [{ ...node, op: "Reshape", inputs: [input, shape.id], attrs: {} }]]]), values: [shape] };
}
