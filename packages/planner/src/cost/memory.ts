import type { Device, MemoryRegion } from "../schema/device.ts";
import type { RegionBill } from "../schema/facts.ts";
import type { Reason } from "../schema/plan.ts";
import { type Cost, missing } from "./estimate.ts";

/** Total of one kind of memory, as the adapter bills it. Flash of a device with a file system is its storage. */
export function memoryBytes(bills: readonly RegionBill[], kind: "ram" | "flash"): Cost {
  const bill = billOf(bills, kind) ?? (kind === "flash" ? billOf(bills, "storage") : undefined);
  return bill === undefined ? missing(`${kind} bill of the runtime`) : bill.total;
}

export function billOf(bills: readonly RegionBill[], kind: RegionBill["region"]): RegionBill | undefined {
  return bills.find((bill) => bill.region === kind);
}

/** Name of the largest item of a bill; the first of equals. */
export function largestItem(bill: RegionBill | undefined): string | null {
  const largest = bill?.items.reduce((most, item) => (item.bytes > most.bytes ? item : most), bill.items[0] ?? { name: "", bytes: 0 });
  return largest === undefined || largest.name === "" ? null : largest.name;
}

/**
 * Whether every bill fits the device, each into one region: pools that a model cannot span are not added up.
 *
 *   total.high ≤ bytes − reserve   and   largest buffer ≤ largestBufferBytes      in some region of that kind
 *
 * Empty when it fits; else what the roomiest region lacks. A bill of 0 bytes needs no region; a region of unknown size
 * holds nothing; no stated reserve is none. Units: bytes.
 */
export function memoryReasons(bills: readonly RegionBill[], device: Device): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const bill of bills) {
    const roomiest = bill.total.high <= 0 ? null : bestRegion(bill, device);
    if (roomiest !== null) reasons.push(...misfits(bill, roomiest));
    else if (bill.total.high > 0) reasons.push({ kind: "unknown-region", region: bill.region, missing: `${device.id}: bytes of ${bill.region}` });
  }
  return reasons;
}

/** A region that holds the bill, else the roomiest of its kind, else null. */
function bestRegion(bill: RegionBill, device: Device): MemoryRegion | null {
  let roomiest: MemoryRegion | null = null;
  for (const region of device.memory) {
    if (region.kind !== bill.region || region.bytes === null) continue;
    if (misfits(bill, region).length === 0) return region;
    if (roomiest === null || availableIn(region) > availableIn(roomiest)) roomiest = region;
  }
  return roomiest;
}

function misfits(bill: RegionBill, region: MemoryRegion): readonly Reason[] {
  const reasons: Reason[] = [];
  const availableBytes = availableIn(region);
  if (bill.total.high > availableBytes) {
    reasons.push({ kind: "region-too-small", region: region.id, availableBytes, neededBytes: bill.total, largest: largestItem(bill) ?? bill.region });
  }
  const limitBytes = region.largestBufferBytes?.value ?? Infinity;
  if (bill.largestBufferBytes > limitBytes) {
    reasons.push({ kind: "buffer-too-large", region: region.id, limitBytes, neededBytes: bill.largestBufferBytes });
  }
  return reasons;
}

function availableIn(region: MemoryRegion): number {
  return Math.max(0, (region.bytes?.value ?? 0) - (region.reserveBytes?.value ?? 0));
}
