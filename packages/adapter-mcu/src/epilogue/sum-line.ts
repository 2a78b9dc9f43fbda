import type { SumBoundary } from "./sum.ts";

/**
 * What level sets ask of a plane: corners of each level's boundary, the only points that can be decisive.
 *
 *   m1 · i + m2 · j + c >= level · 2^s at `reach`,  < at `below`;      m1, m2 >= 0
 *
 * i, j places of the operands, 0 to 255. Flat triples [i, j, level].
 */
export interface LineConstraints {
  readonly reach: Float64Array;
  readonly below: Float64Array;
}

export function lineConstraints({ levels, places }: SumBoundary): LineConstraints {
  const reach: number[] = [];
  const below: number[] = [];
  levels.forEach((level, row) => {
    const at = Array.from(places.subarray(row * 256, row * 256 + 256), (j, i): Point => [i, j]);
    for (const [i, j] of hull(at.filter(([, j]) => j <= 255), 1)) reach.push(i, j, level);
    for (const [i, j] of hull(at.filter(([, j]) => j >= 1).map(([i, j]): Point => [i, j - 1]), -1)) below.push(i, j, level);
  });
  return { reach: Float64Array.from(reach), below: Float64Array.from(below) };
}

type Point = readonly [number, number];

/** Corners of points sorted by their first coordinate, seen from below (side 1) or from above (side −1). */
function hull(points: readonly Point[], side: 1 | -1): readonly Point[] {
  const corners: Point[] = [];
  for (const point of points) {
    while (corners.length >= 2 && side * turn(corners[corners.length - 2] as Point, corners[corners.length - 1] as Point, point) <= 0) corners.pop();
    corners.push(point);
  }
  return corners;
}

/** Above 0 where the way a → b → c turns left. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** A plane through the places: value(i, j) = (m1 · i + m2 · j + c) >> shift. */
export interface Line {
  readonly m1: number;
  readonly m2: number;
  readonly c: number;
  readonly shift: number;
}

/** What to look for: the shift, the exact slopes (scaled by 2^shift), the largest slope that can be encoded. */
export interface LineTask {
  readonly shift: number;
  readonly slopes: readonly [number, number];
  readonly largest: number;
}

/** First slopes tried on either side of the exact one. */
const SPAN = 96;

/**
 * Whole slopes and an offset that keep every constraint and stay in int32; null where the scan finds none.
 *
 * For a first slope the second one's set is an interval: each plane that fails names two corners in conflict, and with
 * them the nearest second slope that could do. Whole numbers below 2^53, hence exact.
 */
export function solveLine(constraints: LineConstraints, task: LineTask): Line | null {
  const first = Math.round(task.slopes[0]);
  let second = Math.round(task.slopes[1]);
  for (let n = 0; n <= 2 * SPAN; n++) {
    const m1 = first + (n % 2 === 0 ? n / 2 : -(n + 1) / 2);
    if (m1 < 0 || m1 > task.largest) continue;
    const found = solveSecond(constraints, { ...task, m1, m2: second });
    if (found.line !== null) return found.line;
    second = found.m2;
  }
  return null;
}

interface Attempt {
  readonly shift: number;
  readonly largest: number;
  readonly m1: number;
  readonly m2: number;
}

function solveSecond(constraints: LineConstraints, { shift, largest, m1, m2 }: Attempt): { readonly line: Line | null; readonly m2: number } {
  let low = 0;
  let high = largest;
  let at = Math.min(Math.max(m2, low), high);
  for (;;) {
    const { least, most, atLeast, atMost } = offsets(constraints, { shift, largest, m1, m2: at });
    if (least <= most) return { line: { m1, m2: at, c: Math.floor((least + most) / 2), shift }, m2: at };
    if (atLeast === atMost) return { line: null, m2: at };
    const step = Math.ceil((least - most) / Math.abs(atLeast - atMost));
    if (atLeast > atMost) low = at + step;
    else high = at - step;
    if (low > high) return { line: null, m2: at };
    at = atLeast > atMost ? low : high;
  }
}

/** The offsets a pair of slopes leaves, and the second coordinates of the corners that decide their ends. */
function offsets({ reach, below }: LineConstraints, { shift, m1, m2 }: Attempt): { readonly least: number; readonly most: number; readonly atLeast: number; readonly atMost: number } {
  const unit = 2 ** shift;
  // The smallest sum is the offset itself, the largest is at places (255, 255): both stay in int32.
  let least = -2147483648;
  let atLeast = 0;
  let most = 2147483647 - 255 * (m1 + m2);
  let atMost = 255;
  for (let n = 0; n < reach.length; n += 3) {
    const need = (reach[n + 2] as number) * unit - m1 * (reach[n] as number) - m2 * (reach[n + 1] as number);
    if (need > least) [least, atLeast] = [need, reach[n + 1] as number];
  }
  for (let n = 0; n < below.length; n += 3) {
    const limit = (below[n + 2] as number) * unit - 1 - m1 * (below[n] as number) - m2 * (below[n + 1] as number);
    if (limit < most) [most, atMost] = [limit, below[n + 1] as number];
  }
  return { least, most, atLeast, atMost };
}
