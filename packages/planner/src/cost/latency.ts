import type { ComputeUnit, Device } from "../schema/device.ts";
import type { UnitWork } from "../schema/facts.ts";
import type { Backend } from "../schema/runtime.ts";
import type { Basis, Sourced } from "../schema/sourced.ts";
import { type Cost, missing, weaker } from "./estimate.ts";
import { type InstructionTime, instructionTime } from "./instruction-time.ts";

/**
 * Time of one inference, in milliseconds: by counted instructions for each work whose adapter counts them on a unit whose
 * timing of instructions and clock are known (see `instructionTime`), else by a roofline per unit.
 *
 *   ms   = callOverhead + Σ work: 1000 · max(macs / macsPerSecond, bytes / bytesPerSecond) + layers · layerOverhead
 *   low  = ms / spread      high = ms · spread
 *
 * A unit whose traffic rate or overhead nobody has stated leaves that term out: its compute rate was taken from whole
 * networks, so it holds them on average, and the spread what they vary. An unknown compute rate makes the latency
 * unknown. Never stronger than "modelled"; not for token-by-token decoding.
 * Units: macs, bytes, per second, milliseconds. Source: Williams et al. 2009, doi.org/10.1145/1498765.1498785
 */
export function modelledLatency(work: readonly UnitWork[], device: Device, backend: Backend): Cost {
  const called: ComputeUnit[] = [];
  const counted: InstructionTime[] = [];
  let basis: Basis = "modelled";
  let ms = 0;
  let spread = 1;
  const read = (number: Sourced<number>): number => {
    basis = weaker(basis, number.basis);
    return number.value;
  };
  for (const part of work) {
    const unit = unitFor(part.unitKind, device, backend);
    if (unit === null) return missing(`a ${part.unitKind} of ${device.id} that ${backend.id} runs on`);
    const time = instructionTime(part, unit);
    if (time !== null) {
      counted.push(time);
      basis = weaker(basis, time.basis);
    } else {
      const rate = unit.macsPerSecond[part.macType];
      if (rate === undefined) return missing(`${device.id}: ${part.macType} rate of its ${unit.id}`);
      const trafficS = unit.bytesPerSecond === null ? 0 : part.bytesMoved / read(unit.bytesPerSecond);
      ms += 1000 * Math.max(part.macs / read(rate), trafficS);
      if (unit.layerOverheadMs !== null) ms += part.layers * read(unit.layerOverheadMs);
      spread = Math.max(spread, read(unit.spread));
    }
    if (unit.callOverheadMs !== null && !called.includes(unit)) ms += read(unit.callOverheadMs);
    called.push(unit);
  }
  const sum = (end: "low" | "expected" | "high"): number => counted.reduce((total, time) => total + time[end], 0);
  const all = counted.length > 0 && counted.length === work.length;
  return { low: ms / spread + sum("low"), expected: ms + sum("expected"), high: ms * spread + sum("high"), basis, ...(all ? { from: "instructions" as const } : {}) };
}

/** The first unit listed by the device that the backend runs on. */
export function unitFor(kind: ComputeUnit["kind"], device: Device, backend: Backend): ComputeUnit | null {
  return device.units.find((unit) => unit.kind === kind && runsOn(backend, unit)) ?? null;
}

export function runsOn(backend: Backend, unit: ComputeUnit): boolean {
  return backend.isas.length === 0 || backend.isas.includes(unit.isa);
}
