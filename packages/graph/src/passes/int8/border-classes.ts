import type { Axis, Window } from "../../int8/window.ts";

/**
 * The ways in which the windows of a convolution or pool lie over its input: for each, the taps inside the input.
 *
 *   classes = distinct tap sets of the rows × distinct tap sets of the columns; tap = row · kernelWidth + column
 *
 * One class without padding; nine for a 3×3 window with padding of one on each side of a large image. An empty class is a
 * window that holds only padding.
 */
export function borderClasses({ rows, columns }: Window): readonly (readonly number[])[] {
  const across = tapSets(columns);
  return tapSets(rows).flatMap((row) => across.map((column) => row.flatMap((i) => column.map((j) => i * columns.kernel + j))));
}

/** Distinct sets of taps inside the input along one axis, in order of the output positions. */
function tapSets(axis: Axis): readonly (readonly number[])[] {
  const found = new Map<string, readonly number[]>();
  for (let position = 0; position < axis.output; position++) {
    const origin = position * axis.stride - axis.padStart;
    const first = origin < 0 ? Math.min(axis.kernel, Math.ceil(-origin / axis.dilation)) : 0;
    const end = Math.max(first, Math.min(axis.kernel, Math.ceil((axis.input - origin) / axis.dilation)));
    const key = `${first} ${end}`;
    if (!found.has(key)) found.set(key, Array.from({ length: end - first }, (_, i) => first + i));
  }
  return [...found.values()];
}
