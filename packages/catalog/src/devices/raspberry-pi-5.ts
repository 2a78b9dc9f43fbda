import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { ncnnOnPi5Float, ncnnOnPi5Int8 } from "../benchmarks/ncnn.ts";
import { onnxruntimeOnPi5 } from "../benchmarks/ultralytics.ts";
import { GiB } from "../sizes.ts";
import { onnxruntimeLayerMs, onnxruntimePlatforms, read, region, runtimes } from "../sourced.ts";

const board = "https://datasheets.raspberrypi.com/rpi5/raspberry-pi-5-product-brief.pdf";
/** /proc/device-tree/model of each revision code. */
const revisions = "https://www.raspberrypi.com/documentation/computers/raspberry-pi.html";
const bandwidth = "https://github.com/geerlingguy/ai-benchmarks/blob/bdf94413f5f273c985c164ac0abfafa312c4390f/README.md";
const floatEngines = [onnxruntimeOnPi5, ncnnOnPi5Float];

/** The 4 GB board; the card is not part of it. Traffic: bytes per second that language models reach when decoding. */
export const raspberryPi5: Device = {
  id: "raspberry-pi-5", name: "Raspberry Pi 5 (4 GB)", class: "board", chip: "BCM2712",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv8.2-a", cores: 4, clockHz: read(2.4e9, board),
    macsPerSecond: { float32: rateOf(floatEngines), int8: rateOf([ncnnOnPi5Int8]) },
    bytesPerSecond: read(10.3e9, bandwidth), layerOverheadMs: onnxruntimeLayerMs(1), callOverheadMs: null, spread: spreadOf(floatEngines),
  }],
  memory: [
    { ...region("ram", "ram", read(4 * GiB, board)), reserveBytes: read(1 * GiB, board, "assumed") },
    region("storage", "card", read(8 * GiB, "https://www.raspberrypi.com/documentation/computers/getting-started.html", "assumed")),
  ],
  activeWatts: null, usdPerHour: null, reportedAs: read(["Raspberry Pi 5 Model B Rev 1.0", "Raspberry Pi 5 Model B Rev 1.1"], revisions),
  runtimes: runtimes({ onnxruntime: onnxruntimePlatforms }),
};
