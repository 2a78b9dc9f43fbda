import type { Attrs } from "../graph.ts";
import { OpError } from "../op.ts";
import { wholesAttr, wordAttr } from "./attribute.ts";
import { type Axis, listOf } from "./window.ts";

/**
 * Where the taps of a transposed convolution land along one spatial axis.
 *
 *   element x and tap k land on x · stride + k · dilation − padStart; what lands outside is lost
 *   out = stride · (in − 1) + output_padding + dilation · (kernel − 1) + 1 − padStart − padEnd
 *   output_shape (the last dims of it), or SAME_*: out = in · stride, decide the padding instead: total = the out without
 *   padding − the out asked for; its odd element at the end for SAME_UPPER, at the start else; a negative total lengthens
 *   the end
 *
 * Sizes in elements. Errors: OP_ATTRIBUTE, OP_SHAPE for no output. Source: onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
export function transposedAxes(spatial: readonly number[], kernel: readonly number[], attrs: Attrs): readonly Axis[] {
  if (kernel.length !== spatial.length) throw new OpError("OP_ATTRIBUTE", `a kernel of ${kernel.length} axes over ${spatial.length} spatial axes`);
  const rank = spatial.length;
  const strides = listOf(attrs, "strides", { count: rank, otherwise: 1 });
  const dilations = listOf(attrs, "dilations", { count: rank, otherwise: 1 });
  const extra = listOf(attrs, "output_padding", { count: rank, otherwise: 0 });
  const pads = listOf(attrs, "pads", { count: 2 * rank, otherwise: 0 });
  const asked = wholesAttr(attrs, "output_shape")?.slice(-rank);
  return spatial.map((input, i) => axisOf(attrs, {
    axis: { input, kernel: kernel[i] ?? 1, stride: strides[i] ?? 1, dilation: dilations[i] ?? 1, padStart: pads[i] ?? 0, padEnd: pads[i + rank] ?? 0 },
    extra: extra[i] ?? 0, asked: asked?.[i] ?? null,
  }));
}

interface Asked {
  readonly axis: Omit<Axis, "output">;
  readonly extra: number;
  readonly asked: number | null;
}

function axisOf(attrs: Attrs, { axis, extra, asked }: Asked): Axis {
  const auto = wordAttr(attrs, "auto_pad", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]);
  const whole = axis.stride * (axis.input - 1) + extra + axis.dilation * (axis.kernel - 1) + 1;
  const same = auto === "SAME_UPPER" || auto === "SAME_LOWER";
  const wanted = asked ?? (same ? axis.input * axis.stride : null);
  if (wanted !== null) {
    const total = whole - wanted;
    const half = auto === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
    const padStart = Math.max(0, half);
    return { ...axis, padStart, padEnd: total - padStart, output: wanted };
  }
  const padStart = auto === "VALID" ? 0 : axis.padStart;
  const padEnd = auto === "VALID" ? 0 : axis.padEnd;
  const output = whole - padStart - padEnd;
  if (output < 1) throw new OpError("OP_SHAPE", `pads ${padStart} and ${padEnd} leave nothing of ${whole} elements`);
  return { ...axis, padStart, padEnd, output };
}

/** Products that wait for their place: [channels · taps, input elements], row-major; one to three axes. */
export interface Landing<Sums extends Float64Array | Int32Array> {
  readonly axes: readonly Axis[];
  readonly channels: number;
  readonly products: Sums;
  /** Sums [channels, output elements], added to. */
  readonly into: Sums;
}

/** Adds every product to the output element on which its tap lands; int32 sums wrap. */
export function land<Sums extends Float64Array | Int32Array>({ axes, channels, products, into }: Landing<Sums>): void {
  const [depth, rows, columns] = [axes.at(-3) ?? single, axes.at(-2) ?? single, axes.at(-1) ?? single];
  const plane = depth.output * rows.output * columns.output;
  let from = 0;
  for (let m = 0; m < channels; m++) {
    for (let tap = 0; tap < depth.kernel * rows.kernel * columns.kernel; tap++) {
      const taps = [Math.floor(tap / (rows.kernel * columns.kernel)), Math.floor(tap / columns.kernel) % rows.kernel, tap % columns.kernel] as const;
      for (let d = 0; d < depth.input; d++) {
        const z = landingOf(depth, d, taps[0]);
        for (let r = 0; r < rows.input; r++) {
          const y = landingOf(rows, r, taps[1]);
          if (z < 0 || y < 0) from += columns.input;
          else from = landRow({ products, from, into, at: m * plane + (z * rows.output + y) * columns.output }, columns, taps[2]);
        }
      }
    }
  }
}

interface LandingRow {
  readonly products: Float64Array | Int32Array;
  readonly from: number;
  readonly into: Float64Array | Int32Array;
  /** Start of the output row. */
  readonly at: number;
}

function landRow({ products, from, into, at }: LandingRow, columns: Axis, tap: number): number {
  for (let c = 0; c < columns.input; c++) {
    const x = landingOf(columns, c, tap);
    if (x >= 0) into[at + x] = (into[at + x] as number) + (products[from + c] as number); // inside both arrays
  }
  return from + columns.input;
}

/** Output position of an input element through a tap; −1 outside. */
function landingOf({ stride, dilation, padStart, output }: Axis, element: number, tap: number): number {
  const position = element * stride + tap * dilation - padStart;
  return position < output ? position : -1;
}

const single: Axis = { input: 1, kernel: 1, stride: 1, dilation: 1, padStart: 0, padEnd: 0, output: 1 };
