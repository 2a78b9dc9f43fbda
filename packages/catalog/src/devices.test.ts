import type { Device, Sourced } from "@edgewise/planner/schema";
import { describe, expect, it } from "vitest";
import { devices } from "./devices.ts";

interface Found {
  readonly path: string;
  readonly sourced: Sourced<unknown>;
}

/** Every object with a value and a basis, wherever it stands in a device. */
function sourcedIn(value: unknown, path: string): readonly Found[] {
  if (typeof value !== "object" || value === null) return [];
  if ("value" in value && "basis" in value) return [{ path, sourced: value as Sourced<unknown> }];
  return Object.entries(value).flatMap(([key, inner]) => sourcedIn(inner, `${path}.${key}`));
}

/** Numbers of a device that stand outside a Sourced: counts and nothing else. */
function bareNumbersIn(value: unknown, path: string): readonly string[] {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null || ("value" in value && "basis" in value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => bareNumbersIn(inner, `${path}.${key}`));
}

function unknownsOf(device: Device): readonly string[] {
  const units = device.units.flatMap((unit) => [
    ...(Object.keys(unit.macsPerSecond).length === 0 ? [`${unit.id}.macsPerSecond`] : []),
    ...(["clockHz", "bytesPerSecond", "layerOverheadMs", "callOverheadMs"] as const).filter((key) => unit[key] === null).map((key) => `${unit.id}.${key}`),
  ]);
  return [...units, ...(device.activeWatts === null ? ["activeWatts"] : [])];
}

const all = devices.flatMap((device) => sourcedIn(device, device.id));

describe("the catalog", () => {
  it("holds twelve devices with unique ids, sorted", () => {
    const ids = devices.map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it("covers every class of device", () => {
    expect([...new Set(devices.map((device) => device.class))].sort()).toEqual(["board", "browser", "cloud", "laptop", "microcontroller", "phone"]);
  });

  it.each(all.map((found) => [found.path, found.sourced] as const))("%s states value, basis, https source and day", (path, sourced) => {
    expect(["assumed", "modelled", "emulated", "published", "measured"]).toContain(sourced.basis);
    for (const ref of sourced.ref.split(" ")) expect(new URL(ref).protocol).toBe("https:");
    expect(new Date(`${sourced.date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(sourced.date);
    if (typeof sourced.value === "number") expect(sourced.value).toBeGreaterThan(0);
    else if (sourced.value !== true) expect(path).toMatch(/\.reportedAs$/);
  });

  it("has no number without a source, except the count of cores", () => {
    expect(devices.flatMap((device) => bareNumbersIn(device, "")).filter((path) => !path.endsWith(".cores"))).toEqual([]);
  });

  it("states rates between 0.01 and 64 multiply-accumulates a clock and core, and up to 16384 for a whole NPU", () => {
    for (const unit of devices.flatMap(({ units }) => units)) {
      for (const rate of Object.values(unit.macsPerSecond)) {
        const perClock = rate.value / (unit.clockHz?.value ?? 3e9) / unit.cores;
        expect(perClock).toBeGreaterThan(0.01);
        expect(perClock).toBeLessThan(unit.kind === "npu" ? 16_384 : 64);
      }
      expect(unit.spread.value).toBeGreaterThanOrEqual(2);
    }
  });

  it("never reserves more than a region holds", () => {
    for (const { bytes, reserveBytes } of devices.flatMap(({ memory }) => memory)) expect(reserveBytes?.value ?? 0).toBeLessThan(bytes?.value ?? 0);
  });

  it("lists what is unknown, and a list that grows is noticed", () => {
    expect(Object.fromEntries(devices.map((device) => [device.id, unknownsOf(device).join(" ")]))).toMatchInlineSnapshot(`
      {
        "aws-c7g-large": "cpu.bytesPerSecond cpu.callOverheadMs activeWatts",
        "browser-desktop": "wasm.clockHz wasm.bytesPerSecond wasm.callOverheadMs activeWatts",
        "esp32-s3": "cpu.bytesPerSecond cpu.layerOverheadMs cpu.callOverheadMs activeWatts",
        "galaxy-s24": "cpu.bytesPerSecond cpu.callOverheadMs gpu.macsPerSecond gpu.clockHz gpu.bytesPerSecond gpu.layerOverheadMs gpu.callOverheadMs npu.clockHz npu.bytesPerSecond npu.layerOverheadMs activeWatts",
        "iphone-15": "cpu.macsPerSecond cpu.layerOverheadMs cpu.callOverheadMs gpu.macsPerSecond gpu.clockHz gpu.bytesPerSecond gpu.layerOverheadMs gpu.callOverheadMs npu.macsPerSecond npu.clockHz npu.bytesPerSecond npu.layerOverheadMs npu.callOverheadMs activeWatts",
        "iphone-15-pro": "cpu.macsPerSecond cpu.layerOverheadMs cpu.callOverheadMs gpu.macsPerSecond gpu.clockHz gpu.bytesPerSecond gpu.layerOverheadMs gpu.callOverheadMs npu.macsPerSecond npu.clockHz npu.bytesPerSecond npu.layerOverheadMs npu.callOverheadMs activeWatts",
        "laptop-core-ultra-7": "cpu.bytesPerSecond cpu.callOverheadMs activeWatts",
        "nucleo-h743zi": "cpu.bytesPerSecond cpu.layerOverheadMs cpu.callOverheadMs activeWatts",
        "nucleo-l4r5zi": "cpu.bytesPerSecond cpu.layerOverheadMs cpu.callOverheadMs",
        "pixel-8": "cpu.bytesPerSecond cpu.callOverheadMs gpu.macsPerSecond gpu.clockHz gpu.bytesPerSecond gpu.layerOverheadMs gpu.callOverheadMs npu.macsPerSecond npu.clockHz npu.bytesPerSecond npu.layerOverheadMs npu.callOverheadMs activeWatts",
        "raspberry-pi-5": "cpu.callOverheadMs activeWatts",
        "raspberry-pi-pico": "cpu.bytesPerSecond cpu.layerOverheadMs cpu.callOverheadMs activeWatts",
      }
    `);
  });
});
