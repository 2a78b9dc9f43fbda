import { describe, expect, it } from "vitest";
import type { ComputeUnit, Device } from "../schema/device.ts";
import type { RegionBill, UnitWork } from "../schema/facts.ts";
import type { Backend } from "../schema/runtime.ts";
import type { Basis, Estimate, Sourced } from "../schema/sourced.ts";
import { energyJoules } from "./energy.ts";
import { isKnown, missing } from "./estimate.ts";
import { modelledLatency } from "./latency.ts";
import { memoryReasons } from "./memory.ts";
import { usdPer1k } from "./money.ts";

const sourced = (value: number, basis: Basis = "published"): Sourced<number> => ({ value, basis, ref: "https://example.org", date: "2026-01-01" });
const cpu: ComputeUnit = {
  id: "cpu", kind: "cpu", isa: "a", cores: 1, clockHz: null, macsPerSecond: { int8: sourced(1e6) }, bytesPerSecond: sourced(2e6),
  layerOverheadMs: sourced(1), callOverheadMs: sourced(5), spread: sourced(2),
};
const device: Device = {
  id: "d", name: "d", class: "cloud", chip: "d", units: [cpu], memory: [], activeWatts: sourced(2), usdPerHour: sourced(0.36), runtimes: {},
};
const backend: Backend = { id: "b", unitKind: "cpu", isas: [], precisions: ["int8"], numerics: "n" };
const work: UnitWork = { unitKind: "cpu", macType: "int8", macs: 10_000, bytesMoved: 1000, layers: 3 };

describe("modelled latency", () => {
  it("is the slower of compute and traffic, plus overheads, with the unit's spread around it", () => {
    expect(modelledLatency([work], device, backend)).toEqual({ low: 9, expected: 18, high: 36, basis: "modelled" });
    expect(modelledLatency([{ ...work, bytesMoved: 60_000 }], device, backend)).toMatchObject({ expected: 38 });
  });

  it("pays the call once for two kinds of work on one unit", () => {
    expect(modelledLatency([work, work], device, backend)).toMatchObject({ expected: 31 });
  });

  it("is unknown, and says what is missing, without a rate or a unit", () => {
    expect(modelledLatency([{ ...work, macType: "float16" }], device, backend)).toEqual(missing("d: float16 rate of its cpu"));
    expect(modelledLatency([work], device, { ...backend, isas: ["other"] })).toEqual(missing("a cpu of d that b runs on"));
  });

  it("is as weak as its weakest input, and never stronger than modelled", () => {
    const measured: Device = { ...device, units: [{ ...cpu, macsPerSecond: { int8: sourced(1e6, "measured") } }] };
    const assumed: Device = { ...device, units: [{ ...cpu, spread: sourced(2, "assumed") }] };
    expect(modelledLatency([work], measured, backend)).toMatchObject({ basis: "modelled" });
    expect(modelledLatency([work], assumed, backend)).toMatchObject({ basis: "assumed" });
  });

  it("never falls when work grows", () => {
    const base = modelledLatency([work], device, backend);
    for (const key of ["macs", "bytesMoved", "layers"] as const) {
      const more = modelledLatency([{ ...work, [key]: work[key] * 10 }], device, backend);
      expect(isKnown(more) && isKnown(base) && more.expected >= base.expected).toBe(true);
    }
  });
});

describe("latency by counted instructions", () => {
  const core: ComputeUnit = { ...cpu, clockHz: sourced(1e6), callOverheadMs: null, instructionTiming: { cyclesPerInstruction: sourced(2), cyclesPerConstantByte: sourced(0.5), spread: sourced(1.4) } };
  const board: Device = { ...device, units: [core] };
  const counted: UnitWork = { ...work, instructions: { low: 800, expected: 1000, high: 1300, basis: "modelled" }, constantBytes: 400 };
  const known = (part: UnitWork, on: Device = board): Estimate => {
    const cost = modelledLatency([part], on, backend);
    if (!isKnown(cost)) throw new Error(cost.missing);
    return cost;
  };

  it("is cycles over clock, says so, and joins both errors as squares", () => {
    expect(known(counted)).toMatchObject({ expected: 2.2, basis: "modelled", from: "instructions" });
    expect(known(counted).high).toBeCloseTo(2.2 * (1 + Math.hypot(0.3, 0.4)), 12);
    expect(known(counted).low).toBeCloseTo(2.2 / (1 + Math.hypot(0.25, 0.4)), 12);
  });

  it("stands back where the count, the timing or the clock is unknown", () => {
    for (const [part, unit] of [[work, core], [counted, { ...core, instructionTiming: null }], [counted, { ...core, clockHz: null }], [counted, cpu]] as const) {
      const cost = known(part, { ...board, units: [unit] });
      expect(cost).not.toHaveProperty("from");
      expect(cost.expected).toBeGreaterThanOrEqual(10);
    }
    const unrated: Device = { ...board, units: [{ ...core, macsPerSecond: {} }] };
    expect(known(counted, unrated).expected).toBe(2.2);
    expect(modelledLatency([work], unrated, backend)).toEqual(missing("d: int8 rate of its cpu"));
  });

  it("is as weak as its weakest input, and never stronger than modelled", () => {
    const timing = core.instructionTiming!;
    const withTiming = (changed: Partial<typeof timing>): Device => ({ ...board, units: [{ ...core, instructionTiming: { ...timing, ...changed } }] });
    expect(known(counted, withTiming({ cyclesPerInstruction: sourced(2, "measured") })).basis).toBe("modelled");
    expect(known(counted, withTiming({ spread: sourced(1.4, "assumed") })).basis).toBe("assumed");
    expect(known(counted, withTiming({ cyclesPerConstantByte: sourced(0.5, "assumed") })).basis).toBe("assumed");
    expect(known({ ...counted, instructions: { ...counted.instructions!, basis: "assumed" } }).basis).toBe("assumed");
  });

  it("never falls at any end when instructions, constants, cycles or either interval grow", () => {
    const base = counted.instructions!;
    const timing = core.instructionTiming!;
    const instructions = [{ ...base, high: 1400 }, { ...base, expected: 1300 }, { low: 900, expected: 1100, high: 1300, basis: base.basis }];
    const more = [...instructions.map((each) => known({ ...counted, instructions: each })), known({ ...counted, constantBytes: 500 })];
    for (const each of more) {
      expect(each.high).toBeGreaterThanOrEqual(known(counted).high);
      expect(each.expected).toBeGreaterThanOrEqual(known(counted).expected);
    }
    const wider = known(counted, { ...board, units: [{ ...core, instructionTiming: { ...timing, spread: sourced(1.8) } }] });
    expect(wider.high).toBeGreaterThan(known(counted).high);
    expect(wider.low).toBeLessThan(known(counted).low);
  });

  it("keeps low ≤ expected ≤ high down to an instruction count that may be 0", () => {
    const { low, expected, high } = known({ ...counted, instructions: { low: 0, expected: 1000, high: 1000, basis: "modelled" } });
    expect([low, expected]).toEqual([0, 2.2]);
    expect(high).toBeGreaterThanOrEqual(expected);
  });

  it("adds up beside work of another unit, and then names no single model", () => {
    const npu: ComputeUnit = { ...cpu, id: "npu", kind: "npu", callOverheadMs: null };
    const cost = modelledLatency([counted, { ...work, unitKind: "npu" }], { ...board, units: [core, npu] }, backend);
    expect(cost).toMatchObject({ expected: 2.2 + 13 });
    expect(cost).not.toHaveProperty("from");
  });
});

describe("energy and money", () => {
  const latency: Estimate = { low: 500, expected: 1000, high: 2000, basis: "modelled" };

  it("are power and price times time", () => {
    expect(energyJoules(latency, device)).toMatchObject({ low: 1, expected: 2, high: 4 });
    const price = usdPer1k(latency, device);
    expect(isKnown(price) && price.expected).toBeCloseTo(0.1, 12);
  });

  it("carry what the time was modelled from, and the interval of the power", () => {
    expect(energyJoules({ ...latency, from: "instructions" }, device)).toMatchObject({ from: "instructions" });
    const energy = energyJoules(latency, { ...device, activeWattsSpread: sourced(1.5, "assumed") });
    expect(energy).toMatchObject({ expected: 2, high: 2 * (1 + Math.hypot(1, 0.5)), low: 2 / (1 + Math.hypot(1, 0.5)), basis: "assumed" });
  });

  it("are unknown without power, price or time; a device of one's own costs nothing", () => {
    expect(isKnown(energyJoules(latency, { ...device, activeWatts: null }))).toBe(false);
    expect(isKnown(usdPer1k(latency, { ...device, usdPerHour: null }))).toBe(false);
    expect(usdPer1k(missing("x"), device)).toEqual(missing("x"));
    expect(usdPer1k(missing("x"), { ...device, class: "phone", usdPerHour: null })).toMatchObject({ high: 0, basis: "assumed" });
  });
});

describe("memory", () => {
  const bill = (bytes: number, largestBufferBytes = 1): RegionBill => ({
    region: "ram", items: [{ name: "arena", bytes: bytes - 1 }, { name: "stack", bytes: 1 }], total: { low: bytes, expected: bytes, high: bytes, basis: "modelled" }, largestBufferBytes,
  });
  const region = (id: string, bytes: number | null, extra: { reserve?: number; largest?: number } = {}): Device["memory"][number] => ({
    id, kind: "ram", bytes: bytes === null ? null : sourced(bytes), reserveBytes: extra.reserve === undefined ? null : sourced(extra.reserve),
    largestBufferBytes: extra.largest === undefined ? null : sourced(extra.largest),
  });
  const reasons = (bills: readonly RegionBill[], memory: Device["memory"]) => memoryReasons(bills, { ...device, memory });

  it("is never the sum of pools", () => {
    expect(reasons([bill(100)], [region("a", 60), region("b", 60)])).toEqual([
      { kind: "region-too-small", region: "a", availableBytes: 60, neededBytes: bill(100).total, largest: "arena" },
    ]);
  });

  it("fits to the byte, after the reserve", () => {
    expect(reasons([bill(100)], [region("a", 110, { reserve: 10 })])).toEqual([]);
    expect(reasons([bill(101)], [region("a", 110, { reserve: 10 })])).toMatchObject([{ availableBytes: 100 }]);
  });

  it("refuses a buffer that its region does not take, unless another region does", () => {
    expect(reasons([bill(100, 90)], [region("a", 200, { largest: 80 })])).toEqual([{ kind: "buffer-too-large", region: "a", limitBytes: 80, neededBytes: 90 }]);
    expect(reasons([bill(100, 90)], [region("a", 200, { largest: 80 }), region("b", 120)])).toEqual([]);
  });

  it("of unknown size holds nothing", () => {
    expect(reasons([bill(100)], [region("a", null)])).toMatchObject([{ kind: "unknown-region" }]);
    expect(reasons([bill(0)], [])).toEqual([]);
  });
});
