import { invariant } from "@edgewise/graph";

/** One loop of a strided copy, strides in bytes. */
export interface CopyAxis {
  readonly count: number;
  readonly inStride: number;
  readonly outStride: number;
}

/** Axes the copy kernel loops over. */
const MAX_AXES = 4;

/** Drops loops of one and joins loops that walk both sides without a gap; outermost first. */
export function mergeAxes(axes: readonly CopyAxis[]): readonly CopyAxis[] {
  const merged: CopyAxis[] = [];
  for (const axis of axes) {
    if (axis.count === 1) continue;
    const outer = merged.at(-1);
    const joins = outer !== undefined && outer.inStride === axis.inStride * axis.count && outer.outStride === axis.outStride * axis.count;
    if (joins) merged.splice(-1, 1, { count: outer.count * axis.count, inStride: axis.inStride, outStride: axis.outStride });
    else merged.push(axis);
  }
  return merged;
}

export function fitsCopy(axes: readonly CopyAxis[]): boolean {
  return mergeAxes(axes).length <= MAX_AXES;
}

/** One call of the copy kernel. */
export interface CopyPiece {
  readonly parameters: Readonly<Record<string, number | null>>;
  readonly outputOffsetBytes: number;
}

/** A copy over any number of axes: where the kernel has too few loops, one call for each index of the shortest axes. */
export function copyPieces(axes: readonly CopyAxis[], startBytes = 0, outputOffsetBytes = 0): readonly CopyPiece[] {
  const merged = mergeAxes(axes);
  if (merged.length <= MAX_AXES) return [{ parameters: copyParameters(merged, startBytes), outputOffsetBytes }];
  const [shortest] = [...merged].sort((a, b) => a.count - b.count);
  invariant(shortest !== undefined, "more axes than loops");
  const others = merged.filter((axis) => axis !== shortest);
  return Array.from({ length: shortest.count }, (_, i) => i)
    .flatMap((i) => copyPieces(others, startBytes + i * shortest.inStride, outputOffsetBytes + i * shortest.outStride));
}

/** Parameters of the copy kernel, loops padded to four at the outside. */
export function copyParameters(axes: readonly CopyAxis[], startBytes = 0): Readonly<Record<string, number | null>> {
  const merged = mergeAxes(axes);
  invariant(merged.length <= MAX_AXES, "the copy fits the kernel's loops");
  const padded: readonly CopyAxis[] = [...Array.from({ length: MAX_AXES - merged.length }, () => ({ count: 1, inStride: 0, outStride: 0 })), ...merged];
  const entries = padded.flatMap((axis, i) => {
    const letter = "abcd"[i] ?? "";
    return [[`n_${letter}`, axis.count], [`in_${letter}`, axis.inStride], [`out_${letter}`, axis.outStride]] as const;
  });
  return { constant: null, start: startBytes, ...Object.fromEntries(entries) };
}
