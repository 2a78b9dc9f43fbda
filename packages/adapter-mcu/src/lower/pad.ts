import { type Node, elementCount, sameQuant, valueOf } from "@edgewise/graph";
import { decodeConstant, padSources, storedOf } from "@edgewise/graph/ops";
import { axisOrder } from "../layout.ts";
import type { Builder, Refusal } from "./builder.ts";
import { integerConstant } from "./constant.ts";
import { type Lie, lieOf, loopsRule, sameRule } from "./moves.ts";
import { type CopyAxis, copyParameters, fitsCopy } from "./strides.ts";

/** Copies that a padding may take: a mirrored border on all sides of a picture needs nine. */
const MAX_COPIES = 27;

/**
 * Padding of every mode: along each axis the result shows runs of the input (mirrored borders run backwards, edges stand
 * still), and each combination of runs is a copy. A constant border is filled in before.
 */
export function lowerPad(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Pad has an input and an output." };
  const from = build.shape(x);
  const pads = integerConstant(build.graph, node.inputs[1]);
  const axes = node.inputs[3] ? integerConstant(build.graph, node.inputs[3]) : null;
  if (pads === null || (node.inputs[3] && axes === null)) return { refused: "The widths of a Pad must be constants." };
  if (!sameQuant(build.quant(x), build.quant(y))) return { refused: sameRule };
  const source = lieOf(axisOrder(build.layout(x), from), from);
  const target = lieOf(source.order, build.shape(y));
  const sources = padSources(from, { pads, axes }, node.attrs);
  const blocks = blocksOf(sources.map(runsOf));
  if (blocks.length > MAX_COPIES) return { refused: `This border repeats the input in ${blocks.length} pieces; the copies take at most ${MAX_COPIES}.` };
  if (blocks.some((block) => !fitsCopy(copyOf(block, { source, target })))) return { refused: loopsRule };
  const input = build.read(x, source.layout);
  const output = build.allocate(y, target.layout);
  const border = node.inputs[2] ? Number(decodeConstant(valueOf(build.graph, node.inputs[2])).data[0] ?? 0) : 0;
  const filled = sources.some((shown) => shown.includes(-1));
  if (filled) build.push({ kernel: "fill", parameters: { count: elementCount(build.shape(y)), value: storedOf(border, build.quant(y)) }, inputs: [], output });
  for (const block of blocks) {
    const offset = (strides: readonly number[], at: "from" | "to"): number => block.reduce((sum, run, axis) => sum + run[at] * (strides[axis] ?? 0), 0);
    build.push({
      kernel: "copy", parameters: copyParameters(copyOf(block, { source, target }), offset(source.strides, "from")), inputs: [input], output,
      outputOffsetBytes: offset(target.strides, "to"),
    });
  }
  return null;
}

/** `count` positions of the result from `to` on that show the input from `from` on, `step` apart. */
interface Run {
  readonly to: number;
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** The runs along one axis, in order; positions of the constant are left out. */
export function runsOf(shown: Int32Array): readonly Run[] {
  const runs: Run[] = [];
  for (let to = 0; to < shown.length;) {
    const from = shown[to] ?? -1;
    const second = shown[to + 1] ?? -1;
    const step = second < 0 || Math.abs(second - from) > 1 ? 1 : second - from;
    let count = 1;
    while (to + count < shown.length && shown[to + count] === from + count * step && shown[to + count] !== -1) count++;
    if (from >= 0) runs.push({ to, from, step, count });
    to += from >= 0 ? count : 1;
  }
  return runs;
}

/** One run of each axis, in every combination. */
function blocksOf(runs: readonly (readonly Run[])[]): readonly (readonly Run[])[] {
  return runs.reduce<readonly (readonly Run[])[]>((blocks, along) => blocks.flatMap((block) => along.map((run) => [...block, run])), [[]]);
}

function copyOf(block: readonly Run[], { source, target }: { readonly source: Lie; readonly target: Lie }): readonly CopyAxis[] {
  return target.order.map((axis) => {
    const { step, count } = block[axis] ?? { step: 1, count: 1 };
    return { count, inStride: (source.strides[axis] ?? 0) * step, outStride: target.strides[axis] ?? 0 };
  });
}
