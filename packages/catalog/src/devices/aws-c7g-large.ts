import type { Device } from "@edgewise/planner/schema";
import { rateOf } from "../benchmarks/benchmark.ts";
import { ncnnOnCortexA76Float, ncnnOnCortexA76Int8 } from "../benchmarks/ncnn.ts";
import { GiB } from "../sizes.ts";
import { onnxruntimeLayerMs, onnxruntimePlatforms, read, region, runtimes } from "../sourced.ts";

const instance = "https://aws.amazon.com/ec2/instance-types/c7g/";
const price = "https://aws.amazon.com/ec2/pricing/on-demand/";

const CLOCK_HZ = 2.6e9;
const CORES = 2;
/** No timing of a vision network on this instance was found: an older Arm core's rows, by clock and core count. */
const moved = { factor: (CORES * CLOCK_HZ) / ncnnOnCortexA76Float.clockHz, basis: "assumed" } as const;

/** us-east-1, Linux, on demand; the price is a third-party copy of the list. The disk is the 8 GB that images default to. */
export const awsC7gLarge: Device = {
  id: "aws-c7g-large", name: "AWS c7g.large", class: "cloud", chip: "Graviton3",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: CORES, clockHz: read(CLOCK_HZ, instance),
    macsPerSecond: { float32: rateOf([ncnnOnCortexA76Float], moved), int8: rateOf([ncnnOnCortexA76Int8], moved) },
    bytesPerSecond: null, layerOverheadMs: onnxruntimeLayerMs(1), callOverheadMs: null, spread: read(3, ncnnOnCortexA76Float.ref, "assumed"),
  }],
  memory: [
    { ...region("ram", "ram", read(4 * GiB, instance)), reserveBytes: read(1 * GiB, instance, "assumed") },
    region("storage", "disk", read(8 * GiB, instance, "assumed")),
  ],
  activeWatts: null, usdPerHour: read(0.0725, price),
  runtimes: runtimes({ onnxruntime: onnxruntimePlatforms }),
};
