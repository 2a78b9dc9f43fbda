import type { Device } from "@edgewise/planner/schema";
import { GiB } from "../sizes.ts";
import { onnxruntimePlatforms, read, region, runtimes } from "../sourced.ts";

const specification = "https://support.apple.com/en-us/111831";
const chip = "https://www.notebookcheck.net/Apple-A16-Bionic-Processor-Benchmarks-and-Specs.649415.0.html";

/** Compute rates are unknown: no published timing of a network on this CPU was found, and Core ML is another runtime. */
export const iphone15: Device = {
  id: "iphone-15", name: "Apple iPhone 15", class: "phone", chip: "A16 Bionic",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: 6, clockHz: read(3.46e9, chip),
    macsPerSecond: {},
    bytesPerSecond: read(51.2e9, chip), layerOverheadMs: null, callOverheadMs: null, spread: read(2, chip, "assumed"),
  }],
  memory: [
    { ...region("ram", "ram", read(6 * GiB, chip)), reserveBytes: read(3 * GiB, chip, "assumed") },
    { ...region("storage", "storage", read(128 * GiB, specification)), reserveBytes: read(64 * GiB, specification, "assumed") },
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ onnxruntime: onnxruntimePlatforms }),
};
