import { resolve } from "node:path";
import { type Device, type Sourced, suggest } from "@edgewise/planner/schema";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderTable } from "../render/table.ts";
import { bytes } from "../render/units.ts";
import { allDevices } from "../work/workspace.ts";

/** `plan devices [id]`: the catalog and devices/*.yaml; with an id, every number and where it comes from. */
export async function listDevices(context: Context, id?: string): Promise<number> {
  const devices = await allDevices(resolve(context.cwd), context.sources);
  if (id === undefined) {
    context.terminal.out(context.json ? `${JSON.stringify(devices, null, 2)}\n` : overview(devices));
    return 0;
  }
  const device = devices.find((entry) => entry.id === id);
  if (device === undefined) {
    const near = suggest(id, devices.map((entry) => entry.id));
    throw new Trouble([{ code: "UNKNOWN_DEVICE", severity: "error", subject: { kind: "argument", name: "device" }, summary: `Unknown device ${id}`, found: id, expected: devices.map((entry) => entry.id).join(", "), fix: near === null ? "Use a known id, or describe it in devices/<id>.yaml." : `Did you mean ${near}?` }]);
  }
  context.terminal.out(context.json ? `${JSON.stringify(device, null, 2)}\n` : details(device));
  return 0;
}

function overview(devices: readonly Device[]): string {
  const size = (device: Device, kind: "ram" | "flash"): string => {
    const regions = device.memory.filter((region) => region.kind === kind);
    return regions.length === 0 ? "–" : regions.map((region) => region.bytes === null ? "unknown" : bytes(region.bytes.value)).join(" + ");
  };
  return renderTable(
    [{ title: "id" }, { title: "device" }, { title: "class" }, { title: "unit" }, { title: "ram", align: "right" }, { title: "flash", align: "right" }, { title: "runtimes" }],
    devices.map((device) => [device.id, device.name, device.class, device.units.map(({ kind, isa }) => `${kind} ${isa}`).join(", "), size(device, "ram"), size(device, "flash"), Object.keys(device.runtimes).join(", ")]),
  );
}

function details(device: Device): string {
  const rows: string[][] = [];
  const add = (name: string, sourced: Sourced<number | boolean> | null, show: (value: number) => string = String): void => {
    rows.push(sourced === null ? [name, "unknown", "", "", ""] : [name, typeof sourced.value === "number" ? show(sourced.value) : "yes", sourced.basis, sourced.date, sourced.ref]);
  };
  for (const region of device.memory) {
    add(`${region.id} (${region.kind})`, region.bytes, bytes);
    if (region.reserveBytes !== null) add(`${region.id} reserve`, region.reserveBytes, bytes);
    if (region.largestBufferBytes !== null) add(`${region.id} largest buffer`, region.largestBufferBytes, bytes);
  }
  for (const unit of device.units) {
    add(`${unit.id} clock (Hz)`, unit.clockHz);
    for (const [type, rate] of Object.entries(unit.macsPerSecond)) add(`${unit.id} ${type} MAC/s`, rate, (value) => value.toExponential(2));
    add(`${unit.id} memory traffic (B/s)`, unit.bytesPerSecond, (value) => value.toExponential(2));
    add(`${unit.id} overhead per layer (ms)`, unit.layerOverheadMs);
    add(`${unit.id} overhead per call (ms)`, unit.callOverheadMs);
    add(`${unit.id} latency interval (factor)`, unit.spread);
    if (unit.instructionTiming != null) {
      add(`${unit.id} cycles per instruction`, unit.instructionTiming.cyclesPerInstruction);
      add(`${unit.id} cycles per constant byte`, unit.instructionTiming.cyclesPerConstantByte);
      add(`${unit.id} cycles interval (factor)`, unit.instructionTiming.spread);
    }
  }
  add("active power (W)", device.activeWatts);
  if (device.activeWattsSpread !== undefined) add("active power interval (factor)", device.activeWattsSpread);
  add("price (USD/h)", device.usdPerHour);
  for (const [runtime, sourced] of Object.entries(device.runtimes)) add(`runtime ${runtime}`, sourced);
  return `${device.name} (${device.chip}, ${device.class})\n\n${renderTable([{ title: "fact" }, { title: "value", align: "right" }, { title: "basis" }, { title: "date" }, { title: "source" }], rows)}`;
}
