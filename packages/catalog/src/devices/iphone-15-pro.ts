import type { Device } from "@edgewise/planner/schema";
import { GiB } from "../sizes.ts";
import { coremlOnIos, onnxruntimePlatforms, read, region, runtimes, unratedUnit } from "../sourced.ts";

const specification = "https://support.apple.com/en-us/111829";
const identifiers = "https://theapplewiki.com/wiki/Models";
const chip = "https://en.wikipedia.org/wiki/Apple_A17";

/** The oldest iPhone whose Neural Engine Apple says to be faster with int8 activations; how much faster is unknown until measured. */
export const iphone15Pro: Device = {
  id: "iphone-15-pro", name: "Apple iPhone 15 Pro", class: "phone", chip: "A17 Pro",
  units: [
    { ...unratedUnit({ id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: 6 }, specification), clockHz: read(3.78e9, chip), bytesPerSecond: read(51.2e9, chip) },
    unratedUnit({ id: "gpu", kind: "gpu", isa: "apple-a17-pro-gpu", cores: 6 }, specification),
    unratedUnit({ id: "npu", kind: "npu", isa: "apple-neural-engine-a17-pro", cores: 16 }, specification),
  ],
  memory: [
    { ...region("ram", "ram", read(8 * GiB, chip)), reserveBytes: read(4 * GiB, chip, "assumed") },
    { ...region("storage", "storage", read(128 * GiB, specification)), reserveBytes: read(64 * GiB, specification, "assumed") },
  ],
  activeWatts: null, usdPerHour: null, reportedAs: read(["iPhone16,1"], identifiers),
  runtimes: runtimes({ coreml: coremlOnIos, onnxruntime: onnxruntimePlatforms }),
};
