import { type Node, type Tensor, sameQuant, valueOf } from "@edgewise/graph";
import { type ResizeAxis, bilinearSteps, decodeConstant, nearestInt8, resizeAxesOf, resizeForm, resizeInt8Problem } from "@edgewise/graph/ops";
import { channelsLast } from "../layout.ts";
import type { Builder, Refusal, Step } from "./builder.ts";
import { forwardOverlapBytes } from "./overlap.ts";

const single: ResizeAxis = { input: 1, output: 1, scale: 1 };

/** x [1, C, (H,) W] → y [1, C, (H',) W'], images as [H][W][C]. */
export function lowerResize(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Resize has an input and an output." };
  const asked = node.inputs.slice(2);
  if (asked.some((id) => id !== null && valueOf(build.graph, id).constant === null)) return { refused: "The sizes of a Resize must be constants." };
  if (!sameQuant(build.quant(x), build.quant(y))) return { refused: "Input and output of a Resize have one scale and zero point." };
  const shape = build.shape(x);
  const parameters = [null, null, ...asked.map((id): Tensor | null => (id === null ? null : decodeConstant(valueOf(build.graph, id))))];
  const axes = resizeAxesOf(shape, parameters, node.attrs);
  const problem = resizeInt8Problem(axes, resizeForm(node.attrs));
  if (problem !== null) return { refused: `Not as the reference resizes: ${problem.message}.` };
  if (shape[0] !== 1) return { refused: "Resizes run with batch 1." };
  const plan: Plan = { rows: axes.length === 4 ? (axes[2] ?? single) : single, columns: axes.at(-1) ?? single, channels: shape[1] ?? 1 };
  const step = resizeForm(node.attrs).mode === "nearest" ? nearestStep(plan, node) : bilinearStep(plan, node);
  const input = build.read(x, channelsLast(shape));
  build.push({ ...step, inputs: [input], output: build.allocate(y, channelsLast(build.shape(y))) });
  return null;
}

interface Plan {
  readonly rows: ResizeAxis;
  readonly columns: ResizeAxis;
  readonly channels: number;
}

type Core = Omit<Step, "inputs" | "output">;

function nearestStep(plan: Plan, node: Node): Core {
  const { rows, columns, channels } = plan;
  const form = resizeForm(node.attrs);
  const [tops, lefts] = [nearestInt8(rows, form), nearestInt8(columns, form)];
  return {
    kernel: "resize_nearest",
    parameters: { out_height: rows.output, out_width: columns.output, channels },
    arrays: [
      { field: "rows", use: "table", data: tops.map((top) => top * columns.input * channels), comment: `[${rows.output}], bytes` },
      { field: "columns", use: "table", data: lefts.map((left) => left * channels), comment: `[${columns.output}], bytes` },
    ],
    overlapBytes: [overlapOf(plan, { tops, lefts })],
  };
}

function bilinearStep(plan: Plan, node: Node): Core {
  const { rows, columns, channels } = plan;
  const form = resizeForm(node.attrs);
  const [down, across] = [bilinearSteps(rows, form), bilinearSteps(columns, form)];
  const lows = ({ output }: ResizeAxis, { step, offset }: typeof down): Int32Array => Int32Array.from({ length: output }, (_, at) => Math.max(0, (offset + at * step) >> 10));
  return {
    kernel: "resize_bilinear",
    parameters: {
      row_step: down.step, column_step: across.step, row_offset: down.offset, column_offset: across.offset,
      in_height: rows.input, in_width: columns.input, out_height: rows.output, out_width: columns.output, channels,
    },
    overlapBytes: [overlapOf(plan, { tops: lows(rows, down), lefts: lows(columns, across) })],
  };
}

/** First input row and column that each output row and column reads. */
interface FirstRead {
  readonly tops: Int32Array;
  readonly lefts: Int32Array;
}

function overlapOf({ rows, columns, channels }: Plan, { tops, lefts }: FirstRead): number {
  return forwardOverlapBytes({
    pixels: rows.output * columns.output, pixelBytes: channels,
    lowestRead: (p) => ((tops[Math.floor(p / columns.output)] ?? 0) * columns.input + (lefts[p % columns.output] ?? 0)) * channels,
  });
}
