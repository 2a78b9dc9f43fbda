import type { Device } from "@edgewise/planner/schema";
import { GiB } from "../sizes.ts";
import { coremlOnIos, onnxruntimePlatforms, read, region, runtimes, unratedUnit } from "../sourced.ts";

const specification = "https://support.apple.com/en-us/111831";
const identifiers = "https://theapplewiki.com/wiki/Models";
const chip = "https://www.notebookcheck.net/Apple-A16-Bionic-Processor-Benchmarks-and-Specs.649415.0.html";

/** Compute rates are unknown: no published timing of a network on one of its units was found that names the unit. */
export const iphone15: Device = {
  id: "iphone-15", name: "Apple iPhone 15", class: "phone", chip: "A16 Bionic",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: 6, clockHz: read(3.46e9, chip),
    macsPerSecond: {},
    bytesPerSecond: read(51.2e9, chip), layerOverheadMs: null, callOverheadMs: null, spread: read(2, chip, "assumed"),
  },
  unratedUnit({ id: "gpu", kind: "gpu", isa: "apple-a16-gpu", cores: 5 }, specification),
  unratedUnit({ id: "npu", kind: "npu", isa: "apple-neural-engine-a16", cores: 16 }, specification)],
  memory: [
    { ...region("ram", "ram", read(6 * GiB, chip)), reserveBytes: read(3 * GiB, chip, "assumed") },
    { ...region("storage", "storage", read(128 * GiB, specification)), reserveBytes: read(64 * GiB, specification, "assumed") },
  ],
  activeWatts: null, usdPerHour: null, reportedAs: read(["iPhone15,4"], identifiers),
  runtimes: runtimes({ coreml: coremlOnIos, onnxruntime: onnxruntimePlatforms }),
};
