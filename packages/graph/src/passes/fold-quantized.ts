import { type Graph, type Value, valueOf } from "../graph.ts";
import { ops } from "../ops/registry.ts";
import type { OpName } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount } from "../tensor.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";
import { permOf } from "./drop-identity.ts";
import type { Pass } from "./pass.ts";
import { isReal } from "./real-constant.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

const movers: ReadonlySet<OpName> = new Set<OpName>(["Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * Transposes and reshapes constants that carry a fact, as integers; the fact's axis moves along.
 *
 * Does not apply to a Reshape that splits or joins the axis of a fact per channel.
 */
export const foldQuantized: Pass = {
  name: "fold-quantized",
  summary: "transposes and reshapes quantized constants",
  run: (graph: Graph): Graph => rewriteEach(graph, foldAt),
};

function foldAt({ graph, node }: RuleContext): Edit | null {
  const [input = null, ...parameters] = node.inputs;
  const [output = null] = node.outputs;
  if (!movers.has(node.op) || input === null || output === null || !isReal(graph, [output])) return null;
  const source = valueOf(graph, input);
  const others = parameters.map((id) => (id === null ? null : valueOf(graph, id)));
  if (!source.constant || !source.quant || others.some((value) => value !== null && !value.constant)) return null;
  const plain = decodeConstant({ ...source, quant: null });
  const [moved] = ops[node.op].evaluate([plain, ...others.map((value) => value && decodeConstant(value))], node.attrs, 1);
  if (!moved) return null;
  const axis = movedAxis(source.quant, { from: plain.shape, to: moved.shape, perm: node.op === "Transpose" ? permOf(node, plain.shape.length) : null });
  if (axis === undefined) return null;
  const value: Value = { id: output, dtype: source.dtype, shape: moved.shape, quant: { ...source.quant, axis }, constant: { bytes: encodeTensor(moved) } };
  return { replace: new Map([[node, []]]), values: [value] };
}

interface Move {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly perm: readonly number[] | null;
}

/** Where the fact's axis went; undefined when it is no single axis any more. */
function movedAxis({ axis }: Quant, { from, to, perm }: Move): number | null | undefined {
  if (axis === null) return null;
  if (perm) return perm.indexOf(axis);
  const before = elementCount(from.slice(0, axis));
  const found = to.findIndex((dim, i) => dim === from[axis] && elementCount(to.slice(0, i)) === before);
  return found < 0 ? undefined : found;
}
