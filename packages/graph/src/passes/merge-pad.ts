import { type Graph, type Node, valueOf } from "../graph.ts";
import { sameQuant } from "../quant.ts";
import { decodeConstant } from "../tensor-codec.ts";
import { clampOf } from "./fuse-activation.ts";
import type { Pass } from "./pass.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

/**
 * A Pad with zeros in height and width becomes the padding of the Conv or MaxPool after it.
 *
 * Conv: always. MaxPool: when the padded values are known to be at least zero and every window still meets one of them
 * (pads < kernel). Does not apply to AveragePool, whose int8 form cannot count padding as zeros, to other modes or values, to negative pads (crops), to pads of batch or channels, to automatic padding, to rounded-up
 * output sizes, or when the padded value is read elsewhere.
 */
export const mergePad: Pass = {
  name: "merge-pad",
  summary: "works zero padding into the Conv or MaxPool after it",
  run: (graph: Graph): Graph => rewriteEach(graph, mergeAt),
};

function mergeAt({ graph, uses, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Pad" || input === null || output === null) return null;
  const pads = spatialPads(graph, node);
  const consumer = uses.onlyConsumer(output);
  if (pads === null || !consumer || consumer.inputs[0] !== output) return null;
  if (!sameQuant(valueOf(graph, input).quant, valueOf(graph, output).quant)) return null;
  const producer = uses.producer(input);
  const attrs = paddedAttrs(consumer, pads, producer !== null && (producer.op === "Relu" || clampOf(producer).low >= 0));
  if (attrs === null) return null;
  const inputs = [input, ...consumer.inputs.slice(1)];
  return { replace: new Map([[node, []], [consumer, [{ ...consumer, inputs, attrs }]]]) };
}

/** Pads as [begin…, end…] of the spatial axes; null when the node does more than that. */
function spatialPads(graph: Graph, node: Node): readonly number[] | null {
  const padsId = node.inputs[1] ?? null;
  if ((node.attrs["mode"] ?? "constant") !== "constant" || padsId === null || (node.inputs[3] ?? null) !== null) return null;
  const padsValue = valueOf(graph, padsId);
  if (!padsValue.constant || !isZero(graph, node.inputs[2] ?? null)) return null;
  const pads = Array.from(decodeConstant(padsValue).data, Number);
  const rank = pads.length / 2;
  const outer = [pads[0], pads[1], pads[rank], pads[rank + 1]];
  if (rank < 3 || outer.some((pad) => pad !== 0) || pads.some((pad) => pad < 0)) return null;
  return [...pads.slice(2, rank), ...pads.slice(rank + 2)];
}

function isZero(graph: Graph, id: string | null): boolean {
  if (id === null) return true;
  const value = valueOf(graph, id);
  return value.constant !== null && value.quant === null && Number(decodeConstant(value).data[0] ?? 0) === 0;
}

function paddedAttrs(node: Node, pads: readonly number[], fromZeroUp: boolean): Node["attrs"] | null {
  const auto = node.attrs["auto_pad"] ?? "NOTSET";
  if ((auto !== "NOTSET" && auto !== "VALID") || Number(node.attrs["ceil_mode"] ?? 0) !== 0) return null;
  const listed = node.attrs["pads"];
  const own = auto === "NOTSET" && Array.isArray(listed) ? listed.map(Number) : pads.map(() => 0);
  const { auto_pad: _auto, ...rest } = node.attrs;
  const attrs = { ...rest, pads: pads.map((pad, i) => pad + (own[i] ?? 0)) };
  switch (node.op) {
    case "Conv": return attrs;
    case "MaxPool": {
      const kernel = node.attrs["kernel_shape"];
      const meets = Array.isArray(kernel) && attrs.pads.every((pad, i) => pad < Number(kernel[i % kernel.length]));
      return fromZeroUp && meets && node.outputs.length === 1 ? attrs : null;
    }
    default: return null;
  }
}
