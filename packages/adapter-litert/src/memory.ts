import type { ProgramTensor, TfliteProgram } from "@edgewise/formats/tflite";
import type { BillItem, RegionBill } from "@edgewise/planner/schema";
import { ACCELERATOR_SPREAD, BASE_SPREAD, residentShares, runtimeBaseBytes } from "./data/session-memory.ts";
import { elementsOf, isStatic } from "./delegates/operands.ts";

const elementBytes: Readonly<Record<ProgramTensor["type"], number>> = { FLOAT32: 4, FLOAT16: 2, INT32: 4, UINT8: 1, INT64: 8, BOOL: 1, INT16: 2, INT8: 1 };

function bytesOf(tensor: ProgramTensor): number {
  return elementBytes[tensor.type] * elementsOf(tensor);
}

/**
 * The largest sum of activations that are alive at once, in the order of the file.
 *
 *   alive: from the operator that makes a tensor (an input: from the start) to the last that reads it (an output: to the end)
 *
 * Bytes. Constants, and what a DEQUANTIZE unpacks of them, are weights.
 */
export function liveBytes(program: TfliteProgram): number {
  const steps = program.operators.length;
  const last = new Map<number, number>(program.outputs.map((index) => [index, steps]));
  program.operators.forEach(({ inputs }, step) => { for (const index of inputs) if (last.get(index) !== steps) last.set(index, step); });
  const change = new Map<number, number>();
  const alive = (index: number, from: number): void => {
    const tensor = program.tensors[index];
    if (tensor === undefined || isStatic(program, tensor)) return;
    const end = (last.get(index) ?? from) + 1;
    change.set(from, (change.get(from) ?? 0) + bytesOf(tensor));
    change.set(end, (change.get(end) ?? 0) - bytesOf(tensor));
  };
  for (const index of program.inputs) alive(index, -1);
  program.operators.forEach(({ outputs }, step) => { for (const index of outputs) alive(index, step); });
  let [now, most] = [0, 0];
  for (const step of [...change.keys()].sort((a, b) => a - b)) {
    now += change.get(step) ?? 0;
    most = Math.max(most, now);
  }
  return most;
}

/** Bytes of the weights as kernels read them: what a DEQUANTIZE unpacks counts unpacked, and not as it is stored. */
export function packedWeightBytes(program: TfliteProgram): number {
  const unpacked = new Set(program.operators.filter(({ op }) => op === "DEQUANTIZE").flatMap(({ inputs }) => inputs));
  return program.tensors.reduce((sum, tensor, index) => sum + (isStatic(program, tensor) && !unpacked.has(index) ? bytesOf(tensor) : 0), 0);
}

/** Bytes of every constant and activation that one inference reads or writes. */
export function movedBytes(program: TfliteProgram): number {
  return packedWeightBytes(program) + program.tensors.reduce((sum, tensor) => sum + (isStatic(program, tensor) ? 0 : bytesOf(tensor)), 0);
}

/** What a bill is made of, in bytes. */
export interface Residents {
  /** Constants as the file stores them. */
  readonly stored: number;
  /** Constants as kernels read them. */
  readonly packed: number;
  /** Activations alive at once. */
  readonly live: number;
}

export function residentsOf(program: TfliteProgram): Residents {
  return { stored: program.tensors.reduce((sum, { data }) => sum + (data?.length ?? 0), 0), packed: packedWeightBytes(program), live: liveBytes(program) };
}

/**
 * RAM of a process with one model open.
 *
 *   runtime + file + packed weights + activations · share
 *
 * Bytes. The file is mapped: its pages go back under pressure, and are missing from the lower end. On an accelerator the
 * upper end is `ACCELERATOR_SPREAD` times the CPU's, and assumed.
 * Source: data/session-memory.ts.
 */
export function ramBill({ stored, packed, live }: Residents, { accelerated, largestBufferBytes }: { readonly accelerated: boolean; readonly largestBufferBytes: number }): RegionBill {
  const { weights, activations } = residentShares.value;
  const base = runtimeBaseBytes.value;
  const items: readonly BillItem[] = [
    { name: "model file, mapped", bytes: stored },
    { name: "weights as kernels pack them", bytes: weights.expected * packed },
    { name: "activations", bytes: live },
    { name: "arena and buffers beside the activations", bytes: (activations.expected - 1) * live },
    { name: "LiteRT", bytes: base },
  ];
  const high = Math.round(base * (1 + BASE_SPREAD) + stored + weights.high * packed + activations.high * live);
  return {
    region: "ram", items,
    total: {
      low: Math.round(base * (1 - BASE_SPREAD) + weights.low * packed + activations.low * live), expected: items.reduce((sum, { bytes }) => sum + bytes, 0),
      high: accelerated ? ACCELERATOR_SPREAD * high : high, basis: accelerated ? "assumed" : "modelled",
    },
    largestBufferBytes,
  };
}

export function largestTensorBytes(program: TfliteProgram): number {
  return Math.max(0, ...program.tensors.map(bytesOf));
}
