import { invariant } from "@edgewise/graph";
import type { BillItem, Estimate, RegionBill, TaskContract, UnitWork } from "@edgewise/planner/schema";
import type { CoreFootprint, Size } from "./footprint/footprint.ts";
import { footprint } from "./footprint/table.ts";
import { usedKernels } from "./emit/kernel-files.ts";
import { structBytes } from "./kernels/kernel.ts";
import { kernels } from "./kernels/registry.ts";
import type { ConstantArray, Layer, Program } from "./program.ts";
import { measuredCores } from "./runtime.ts";

/** Compiler support functions (64-bit products and divisions of ARMv6-M) and alignment: not part of the table. */
export const CODE_TOLERANCE_BYTES = 1024;
/** Stack of compiler support functions that kernels call, and alignment of frames. */
const SUPPORT_STACK_BYTES = 64;
/** Code and stack of an instruction set that was not measured, against the largest of those that were. */
const UNMEASURED_FACTOR = 1.5;

/** What a program costs on a core, every number in bytes. */
export interface Footprint {
  readonly arenaBytes: number;
  readonly stackBoundBytes: number;
  /** By use: exact sizes of the arrays, and of the parameter structs. */
  readonly constants: readonly BillItem[];
  readonly constantBytes: number;
  readonly code: { readonly low: number; readonly expected: number };
}

const constantNames: Readonly<Record<ConstantArray["use"], string>> = { weights: "weights", bias: "biases", requantization: "requantization tables", table: "lookup tables" };

/** Exact where the emitter decides (arena, constants), from the measured table where the compiler does (code, stack). */
export function footprintOf(program: Program, isa: string): Footprint {
  const constants = constantItems(program);
  return {
    arenaBytes: program.arenaBytes, stackBoundBytes: stackBound(program, isa), constants,
    constantBytes: constants.reduce((sum, { bytes }) => sum + bytes, 0), code: codeBytes(program, isa),
  };
}

/**
 * What can be promised before the numbers are final: layer by layer the larger of two forms, and the larger arena. Which of
 * the two a layer gets depends on proofs over weights and scales.
 */
export function largerOf(a: Program, b: Program): Program {
  invariant(a.layers.length === b.layers.length, "two forms of the same layers");
  const layers = a.layers.map((layer, i) => {
    const other = b.layers[i] ?? layer;
    return layerBytes(other) > layerBytes(layer) ? other : layer;
  });
  return { ...a, layers, arenaBytes: Math.max(a.arenaBytes, b.arenaBytes) };
}

function layerBytes({ kernel, arrays }: Layer): number {
  return arrays.reduce((sum, { data }) => sum + data.byteLength, structBytes(kernels[kernel]));
}

function constantItems(program: Program): readonly BillItem[] {
  const byUse = new Map<string, number>();
  for (const array of program.layers.flatMap((layer) => layer.arrays)) {
    const name = constantNames[array.use];
    byUse.set(name, (byUse.get(name) ?? 0) + array.data.byteLength);
  }
  const parameters = program.layers.reduce((sum, layer) => sum + structBytes(kernels[layer.kernel]), 0);
  return [...[...byUse].map(([name, bytes]) => ({ name, bytes })), { name: "layer parameters", bytes: parameters }].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Rows of the table that speak for an instruction set. */
function rowsFor(isa: string): { readonly rows: readonly CoreFootprint[]; readonly factor: number } {
  const core = measuredCores[isa] ?? null;
  return core === null ? { rows: Object.values(footprint.cores), factor: UNMEASURED_FACTOR } : { rows: [footprint.cores[core]], factor: 1 };
}

function codeBytes(program: Program, isa: string): { readonly low: number; readonly expected: number } {
  const { rows, factor } = rowsFor(isa);
  const sum = (row: CoreFootprint, level: "-Os" | "-O2"): number =>
    usedKernels(program).reduce((total, { name }) => total + row.kernels[name][level].code, row.run[level].base + row.run[level].perLayer * program.layers.length);
  return { low: Math.floor(Math.min(...rows.flatMap((row) => [sum(row, "-Os"), sum(row, "-O2")]))), expected: Math.ceil(factor * Math.max(...rows.map((row) => sum(row, "-O2")))) };
}

/** Frame of the network's function, the deepest kernel, and support functions; the worse of both optimisation levels. */
function stackBound(program: Program, isa: string): number {
  const { rows, factor } = rowsFor(isa);
  const depth = (row: CoreFootprint, level: "-Os" | "-O2"): number => {
    const sizes: readonly Size[] = usedKernels(program).map(({ name }) => row.kernels[name][level]);
    return row.run[level].stack + Math.max(0, ...sizes.map(({ stack }) => stack));
  };
  return Math.ceil((factor * Math.max(...rows.flatMap((row) => [depth(row, "-Os"), depth(row, "-O2")]))) / 8) * 8 + SUPPORT_STACK_BYTES;
}

/** RAM and flash of a program: items add up to the expected total. */
export function billsOf(program: Program, isa: string, contract: TaskContract): readonly RegionBill[] {
  const sizes = footprintOf(program, isa);
  const basis = measuredCores[isa] == null ? "assumed" : "modelled";
  const flash = sizes.constantBytes + sizes.code.expected;
  const largest = Math.max(0, ...program.layers.flatMap((layer) => layer.arrays.map(({ data }) => data.byteLength)));
  const ram: Estimate = { low: sizes.arenaBytes, expected: sizes.arenaBytes + sizes.stackBoundBytes, high: sizes.arenaBytes + sizes.stackBoundBytes, basis };
  const total: Estimate = { low: sizes.constantBytes + sizes.code.low, expected: flash, high: flash + CODE_TOLERANCE_BYTES + optionalBytes(contract), basis };
  return [
    { region: "ram", items: [{ name: "arena", bytes: sizes.arenaBytes }, { name: "stack bound", bytes: sizes.stackBoundBytes }], total: ram, largestBufferBytes: sizes.arenaBytes },
    { region: "flash", items: [{ name: "code", bytes: sizes.code.expected }, ...sizes.constants], total, largestBufferBytes: largest },
  ];
}

/** Labels and picture tables, which the linker leaves out when the application does not use them. */
function optionalBytes({ input, output }: TaskContract): number {
  const labels = output.kind === "labels" ? output.labels.reduce((sum, label) => sum + 4 * label.length + 5, 0) : 0;
  const tables = input.kind === "image" ? 256 * Math.max(input.scale.length, input.offset.length) : 0;
  return labels + tables;
}

/** Work of one inference: multiply-accumulates, and bytes of weights and activations moved. */
export function workOf(program: Program): UnitWork {
  const bytes = new Map(program.activations.map((activation) => [activation.id, activation.bytes]));
  const moved = program.layers.reduce((sum, layer) => {
    const constants = layer.arrays.reduce((total, { data }) => total + data.byteLength, 0);
    return sum + constants + [...layer.inputs, layer.output].reduce((total, id) => total + (bytes.get(id) ?? 0), 0);
  }, 0);
  return { unitKind: "cpu", macType: "int8", macs: program.layers.reduce((sum, layer) => sum + layer.macs, 0), bytesMoved: moved, layers: program.layers.length };
}
