import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { ComputeUnit, Device, DeviceClass, MemoryRegion } from "./device.ts";
import { type Dimension, parseQuantity, unitsOf } from "./quantity.ts";
import { type KeyPath, type Locator, locator } from "./read/locate.ts";
import { suggest } from "./read/suggest.ts";
import type { Sourced } from "./sourced.ts";

/** A device in ten lines of YAML, for a chip the catalog does not know. Every number rests on `source` and `date`. */
export interface DeviceDocument {
  id: string;
  name: string;
  class: DeviceClass;
  chip?: string | undefined;
  isa: string;
  clock?: string | undefined;
  cores?: number | undefined;
  ram?: string | undefined;
  flash?: string | undefined;
  storage?: string | undefined;
  /** Multiply-accumulates per second by element type, as plain numbers; left out, latency is unknown. */
  macsPerSecond?: Record<string, number> | undefined;
  /** Clock cycles of one instruction in int8 kernels; with `clock`, latency follows from counted instructions. */
  cyclesPerInstruction?: number | undefined;
  bandwidth?: string | undefined;
  activeWatts?: number | undefined;
  /** What its system calls it: Build.MODEL, hw.machine. */
  reportedAs?: string[] | undefined;
  runtimes: string[];
  source: string;
  date: string;
}

export const DeviceDocument: z.ZodType<DeviceDocument> = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  name: z.string().min(1),
  class: z.enum(["microcontroller", "board", "phone", "laptop", "browser", "cloud"]),
  chip: z.string().optional(),
  isa: z.string(),
  clock: z.string().optional().meta({ description: "64 MHz" }),
  cores: z.int().min(1).optional(),
  ram: z.string().optional().meta({ description: "256 KiB; one contiguous region" }),
  flash: z.string().optional(),
  storage: z.string().optional(),
  macsPerSecond: z.record(z.string(), z.number().positive()).optional(),
  cyclesPerInstruction: z.number().positive().optional().meta({ description: "About 1.4 on Cortex-M4 and M0+, 0.8 on M7, 1.2 on M33" }),
  bandwidth: z.string().optional().meta({ description: "bytes per second: 1 GB" }),
  activeWatts: z.number().positive().optional(),
  reportedAs: z.array(z.string().min(1)).min(1).optional().meta({ description: "What its system calls it (Build.MODEL, hw.machine): results of another device are refused" }),
  runtimes: z.array(z.string()).min(1),
  source: z.string().min(1).meta({ description: "Datasheet with page, or URL" }),
  date: z.iso.date(),
}).meta({ title: "device.yaml", description: "A device the catalog does not know." });

/** A modelled latency on a device nobody has measured: a factor of two either way. */
const UNFITTED_SPREAD = 2;

/** Reads devices/<id>.yaml. With `runtimes`, the ids that adapters offer, another one is a mistake. */
export function readDevice(file: string, text: string, runtimes: readonly string[] | null = null): Result<Device> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const locate = locator(file, yaml, lines);
  if (yaml.errors.length > 0) {
    return fail(...yaml.errors.map((error): Diagnostic => ({ code: "YAML_SYNTAX", severity: "error", subject: locate.value([]), summary: "This is not YAML", detail: error.message, fix: "Correct the syntax." })));
  }
  const parsed = DeviceDocument.safeParse(yaml.toJS({ maxAliasCount: 10 }));
  if (!parsed.success) {
    return fail(...parsed.error.issues.map((issue): Diagnostic => {
      const path = issue.path.filter((key) => typeof key !== "symbol");
      return { code: "DEVICE_INVALID", severity: "error", subject: locate.value(path), summary: `${path.join(".") || "the device"}: ${issue.message}`, fix: "See plan schema device." };
    }));
  }
  const errors: Diagnostic[] = runtimes === null ? [] : parsed.data.runtimes.flatMap((id, index) => runtimes.includes(id) ? [] : [unknownRuntime(id, runtimes, locate.value(["runtimes", index]))]);
  const device = toDevice(parsed.data, { locate, errors });
  return errors.length > 0 ? fail(...errors) : ok(device);
}

function unknownRuntime(id: string, runtimes: readonly string[], subject: Diagnostic["subject"]): Diagnostic {
  const near = suggest(id, runtimes);
  return {
    code: "UNKNOWN_NAME", severity: "error", subject, summary: `Unknown runtime ${id}`, found: id, expected: runtimes.join(", "),
    fix: near === null ? "Use one of the known runtimes." : `Did you mean ${near}?`,
  };
}

interface Context {
  readonly locate: Locator;
  readonly errors: Diagnostic[];
}

function toDevice(document: DeviceDocument, context: Context): Device {
  const sourced = <T>(value: T, basis: Sourced<T>["basis"] = "published"): Sourced<T> => ({ value, basis, ref: document.source, date: document.date });
  const bytes = (key: "ram" | "flash" | "storage" | "bandwidth"): Sourced<number> | null => {
    const written = document[key];
    return written === undefined ? null : sourced(quantity(written, { dimension: "bytes", path: [key] }, context));
  };
  const region = (id: "ram" | "flash" | "storage"): readonly MemoryRegion[] =>
    document[id] === undefined ? [] : [{ id, kind: id, bytes: bytes(id), reserveBytes: null, largestBufferBytes: null }];
  const unit: ComputeUnit = {
    id: "cpu", kind: "cpu", isa: document.isa, cores: document.cores ?? 1,
    clockHz: document.clock === undefined ? null : sourced(hertz(document.clock, context)),
    macsPerSecond: Object.fromEntries(Object.entries(document.macsPerSecond ?? {}).sort().map(([type, rate]) => [type, sourced(rate)])),
    bytesPerSecond: bytes("bandwidth"), layerOverheadMs: null, callOverheadMs: null,
    spread: sourced(UNFITTED_SPREAD, "assumed"),
    ...(document.cyclesPerInstruction === undefined ? {} : {
      instructionTiming: { cyclesPerInstruction: sourced(document.cyclesPerInstruction), cyclesPerConstantByte: null, spread: sourced(UNFITTED_SPREAD, "assumed") },
    }),
  };
  return {
    id: document.id, name: document.name, class: document.class, chip: document.chip ?? document.name,
    units: [unit], memory: [...region("ram"), ...region("flash"), ...region("storage")],
    activeWatts: document.activeWatts === undefined ? null : sourced(document.activeWatts), usdPerHour: null,
    ...(document.reportedAs === undefined ? {} : { reportedAs: sourced(document.reportedAs) }),
    runtimes: Object.fromEntries([...document.runtimes].sort().map((id) => [id, sourced(true as const)])),
  };
}

function quantity(written: string, about: { readonly dimension: Dimension; readonly path: KeyPath }, context: Context): number {
  const parsed = parseQuantity(written, about.dimension);
  if (parsed.ok) return parsed.value;
  context.errors.push({ code: "NOT_A_QUANTITY", severity: "error", subject: context.locate.value(about.path), summary: `${about.path.join(".")} is not a quantity`, found: written, expected: `a number and one of ${unitsOf(about.dimension).join(", ")}`, fix: "Write the unit." });
  return 0;
}

function hertz(written: string, context: Context): number {
  const match = /^([0-9.]+)\s*(MHz|GHz|kHz)$/.exec(written.trim());
  if (match !== null) return Number(match[1]) * { kHz: 1e3, MHz: 1e6, GHz: 1e9 }[match[2] as "kHz" | "MHz" | "GHz"];
  context.errors.push({ code: "NOT_A_QUANTITY", severity: "error", subject: context.locate.value(["clock"]), summary: "clock is not a frequency", found: written, expected: "a number and one of kHz, MHz, GHz", fix: "Write it as 64 MHz." });
  return 0;
}

/** JSON Schema of device.yaml, for editors. */
export function deviceJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(DeviceDocument), $id: "device.schema.json" };
}
