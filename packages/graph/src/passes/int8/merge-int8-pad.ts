import { type Graph, type Node, valueOf } from "../../graph.ts";
import { storedOf } from "../../int8/affine.ts";
import { windowOf } from "../../int8/window.ts";
import { arithmeticOf } from "../../quant-rule.ts";
import { sameQuant } from "../../quant.ts";
import { decodeConstant } from "../../tensor-codec.ts";
import type { Pass } from "../pass.ts";
import { type Edit, type RuleContext, rewriteEach } from "../rewrite.ts";
import { borderClasses } from "./border-classes.ts";
import { type Lanes, anyLanes, hasLanes, hull } from "./lanes.ts";
import { readLanes } from "./read-lanes.ts";
import { understood } from "./understood.ts";

/**
 * An int8 Pad in height and width becomes the padding of all that read it.
 *
 *   Conv     the stored padding is the zero point, as an op's own padding is
 *   MaxPool  the stored padding is at most the smallest number that can occur, and every window meets an element
 *
 * Beyond `mergePad`: any real padding that is stored as such a number, named axes, several readers, and MaxPool by what
 * `readLanes` knows. Does not apply to AveragePool, which does not count its own padding, when one reader cannot take it,
 * to other modes, crops, pads of batch or channels, automatic padding, and rounded-up sizes.
 */
export const mergeInt8Pad: Pass = {
  name: "merge-int8-pad",
  summary: "works int8 padding into the Convs and MaxPools that read it",
  run(graph: Graph): Graph {
    if (!graph.nodes.some(({ op }) => op === "Pad")) return graph;
    const { lanes } = readLanes(graph);
    return rewriteEach(graph, (context) => understood(() => mergeAt(context, lanes)));
  },
};

function mergeAt({ graph, uses, node }: RuleContext, lanes: ReadonlyMap<string, Lanes>): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Pad" || input === null || output === null || arithmeticOf(graph, node) !== "int8" || uses.isOutput(output)) return null;
  const value = valueOf(graph, input);
  const pads = spatialPads(graph, node);
  const fill = fillOf(graph, node);
  if (!hasLanes(value) || value.constant || pads === null || fill === null || !sameQuant(value.quant, valueOf(graph, output).quant)) return null;
  const low = hull(lanes.get(input) ?? anyLanes(value.shape)).low;
  const padded = { spatial: value.shape.slice(2), pads, isZero: fill === value.quant?.zeroPoint[0], isLeast: fill <= low };
  const readers = uses.consumers(output).map((reader): readonly [Node, Node | null] => [reader, taken(reader, padded)]);
  const replace = new Map<Node, readonly Node[]>([[node, []]]);
  for (const [reader, merged] of readers) {
    if (merged === null || reader.inputs.indexOf(output) !== 0 || reader.inputs.lastIndexOf(output) !== 0) return null;
    replace.set(reader, [{ ...merged, inputs: [input, ...reader.inputs.slice(1)] }]);
  }
  return readers.length === 0 ? null : { replace };
}

/** Pads as [begin…, end…] of the spatial axes; null when the node does more than that. */
function spatialPads(graph: Graph, { attrs, inputs, outputs }: Node): readonly number[] | null {
  const [, padsId = null, , axesId = null] = inputs;
  const rank = valueOf(graph, outputs[0] ?? "").shape?.length ?? 0;
  const listed = padsId === null ? null : valueOf(graph, padsId);
  const named = axesId === null ? null : valueOf(graph, axesId);
  if ((attrs["mode"] ?? "constant") !== "constant" || !listed?.constant || (named !== null && !named.constant) || rank < 3 || rank > 4) return null;
  const amounts = Array.from(decodeConstant(listed).data, Number);
  const axes = named ? Array.from(decodeConstant(named).data, Number).map((axis) => (axis + rank) % rank) : Array.from({ length: rank }, (_, axis) => axis);
  const full = Array.from({ length: 2 * rank }, () => 0);
  axes.forEach((axis, i) => {
    full[axis] = amounts[i] ?? 0;
    full[axis + rank] = amounts[i + axes.length] ?? 0;
  });
  if ([0, 1, rank, rank + 1].some((i) => full[i] !== 0) || full.some((pad) => pad < 0)) return null;
  return [...full.slice(2, rank), ...full.slice(rank + 2)];
}

/** The stored number of the padding; null when it is computed. */
function fillOf(graph: Graph, { inputs, outputs }: Node): number | null {
  const id = inputs[2] ?? null;
  const value = id === null ? null : valueOf(graph, id);
  const quant = valueOf(graph, outputs[0] ?? "").quant;
  if (quant === null || (value !== null && !value.constant)) return null;
  return storedOf(value ? Number(decodeConstant(value).data[0] ?? 0) : 0, quant);
}

interface Padded {
  readonly spatial: readonly number[];
  readonly pads: readonly number[];
  /** The padding is the zero point. */
  readonly isZero: boolean;
  /** Nothing that can occur is smaller than the padding. */
  readonly isLeast: boolean;
}

/** The reader with the padding as its own; null when that is something else. */
function taken(reader: Node, { spatial, pads, isZero, isLeast }: Padded): Node | null {
  const auto = reader.attrs["auto_pad"] ?? "NOTSET";
  if ((auto !== "NOTSET" && auto !== "VALID") || Number(reader.attrs["ceil_mode"] ?? 0) !== 0) return null;
  const listed = reader.attrs["pads"];
  const own = auto === "NOTSET" && Array.isArray(listed) && listed.length > 0 ? listed.map(Number) : pads.map(() => 0);
  const { auto_pad: _auto, ...rest } = reader.attrs;
  const attrs = { ...rest, pads: pads.map((pad, i) => pad + (own[i] ?? 0)) };
  if (reader.op === "Conv") return isZero ? { ...reader, attrs } : null;
  const kernel = reader.attrs["kernel_shape"];
  if (reader.op !== "MaxPool" || !isLeast || reader.outputs.length !== 1 || !Array.isArray(kernel)) return null;
  const meets = borderClasses(windowOf(spatial, kernel.map(Number), attrs)).every((taps) => taps.length > 0);
  return meets ? { ...reader, attrs } : null;
}
