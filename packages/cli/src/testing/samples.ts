import { grayPng } from "./png.ts";

export const SIDE = 8;
export const labels = ["left", "right"] as const;

/** A picture whose named half is bright, with noise of its own: no two indices give the same bytes. */
export function samplePng(label: (typeof labels)[number], index: number): Uint8Array {
  let state = index * 2 + labels.indexOf(label) + 1;
  const noise = (): number => {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    return state >>> 27;
  };
  const gray = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < SIDE / 2 === (label === "left") ? 180 : 20) + noise());
  return grayPng({ width: SIDE, height: SIDE }, gray);
}

/** `count` samples of each class by path below the data folder. */
export function labelledSamples(count: number): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(labels.flatMap((label) => Array.from({ length: count }, (_, index) => [`${label}/${String(index).padStart(3, "0")}.png`, samplePng(label, index)])));
}
