import type { RealArray } from "./operand.ts";
import type { Axis } from "./window.ts";

/** Planes of one to three axes, read through sliding windows. */
export interface Patches {
  readonly axes: readonly Axis[];
  /** [channels, spatial…] */
  readonly x: RealArray;
  readonly channels: number;
}

/**
 * Windows as rows of a matrix, so that a convolution is a product of matrices.
 *
 *   patches[o, c, k] = x[c, o · stride − pad + k · dilation], 0 where that lies outside
 *
 * x [channels, spatial…] → patches [output positions, channels · kernel elements], row-major, in an array of x's type.
 */
export function fillPatches({ axes, x, channels }: Patches, patches: RealArray): void {
  const [depth, rows, columns] = threeAxes(axes);
  const taps = depth.kernel * rows.kernel * columns.kernel;
  const plane = depth.input * rows.input * columns.input;
  patches.fill(0);
  for (let kd = 0; kd < depth.kernel; kd++) {
    for (let kh = 0; kh < rows.kernel; kh++) {
      for (let kw = 0; kw < columns.kernel; kw++) {
        const tap = (kd * rows.kernel + kh) * columns.kernel + kw;
        for (let c = 0; c < channels; c++) {
          const column: Column = { x, patches, plane: c * plane, at: c * taps + tap, width: channels * taps };
          fillColumn([depth, rows, columns], [kd, kh, kw], column);
        }
      }
    }
  }
}

/** One column of the matrix: one tap of one channel at every output position. */
interface Column {
  readonly x: RealArray;
  readonly patches: RealArray;
  readonly plane: number;
  readonly at: number;
  readonly width: number;
}

function fillColumn([depth, rows, columns]: readonly [Axis, Axis, Axis], tap: readonly [number, number, number], { x, patches, plane, at, width }: Column): void {
  const shift = tap[2] * columns.dilation - columns.padStart;
  const { first, end } = insideOf(columns, shift);
  for (let od = 0; od < depth.output; od++) {
    const d = od * depth.stride - depth.padStart + tap[0] * depth.dilation;
    if (d < 0 || d >= depth.input) continue;
    for (let oh = 0; oh < rows.output; oh++) {
      const h = oh * rows.stride - rows.padStart + tap[1] * rows.dilation;
      if (h < 0 || h >= rows.input) continue;
      let from = plane + (d * rows.input + h) * columns.input + first * columns.stride + shift;
      let to = ((od * rows.output + oh) * columns.output + first) * width + at;
      for (let ow = first; ow < end; ow++) {
        patches[to] = x[from] as number;
        to += width;
        from += columns.stride;
      }
    }
  }
}

/** Output positions whose element at `shift` lies inside the input: first to before end. */
function insideOf(axis: Axis, shift: number): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.ceil(-shift / axis.stride));
  return { first, end: Math.min(axis.output, Math.floor((axis.input - 1 - shift) / axis.stride) + 1) };
}

const single: Axis = { input: 1, kernel: 1, stride: 1, dilation: 1, padStart: 0, padEnd: 0, output: 1 };

/** Any one to three axes as depth, rows, columns. A plane that is read as it lies becomes one row. */
export function threeAxes(axes: readonly Axis[]): readonly [Axis, Axis, Axis] {
  if (axes.every(isPlain)) {
    const length = axes.reduce((n, axis) => n * axis.input, 1);
    return [single, single, { ...single, input: length, output: length }];
  }
  return [axes.at(-3) ?? single, axes.at(-2) ?? single, axes.at(-1) ?? single];
}

function isPlain(axis: Axis): boolean {
  return axis.kernel === 1 && axis.stride === 1 && axis.padStart === 0 && axis.padEnd === 0;
}
