/** Bytes of golden input k. */
export function streamInput(k: number, bytes: number): Int8Array;
