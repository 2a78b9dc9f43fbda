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

describe("energy and money", () => {
  const latency: Estimate = { low: 500, expected: 1000, high: 2000, basis: "modelled" };

  it("are power and price times time", () => {
    expect(energyJoules(latency, device)).toMatchObject({ low: 1, expected: 2, high: 4 });
    const price = usdPer1k(latency, device);
    expect(isKnown(price) && price.expected).toBeCloseTo(0.1, 12);
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
