import type { Benchmark } from "./benchmark.ts";

/** YOLO networks as Ultralytics times them; MACs are half of the FLOPs it states. */
export const onnxruntimeOnPi5: Benchmark = {
  ref: "https://github.com/ultralytics/ultralytics/blob/main/docs/en/guides/raspberry-pi.md", date: "2026-11-22",
  chip: "BCM2712 (4 x Cortex-A76)", engine: "onnxruntime, float", clockHz: 2.4e9,
  rows: [
    { model: "YOLO11s 640x640", macs: 10.75e9, ms: 324.17 },
  ],
};

export const openVinoOnCoreUltraFloat: Benchmark = {
  ref: "https://github.com/ultralytics/ultralytics/blob/main/docs/en/integrations/openvino.md", date: "2026-11-22",
  chip: "Core Ultra 7 155H", engine: "OpenVINO on the CPU, float32", clockHz: 4.8e9,
  rows: [
    { model: "YOLO26n 640x640", macs: 2.7e9, ms: 13.47 },
    { model: "YOLO26s 640x640", macs: 10.35e9, ms: 36.4 },
    { model: "YOLO26l 640x640", macs: 43.2e9, ms: 129.12 },
    { model: "YOLO26x 640x640", macs: 96.95e9, ms: 287.93 },
  ],
};

export const openVinoOnCoreUltraInt8: Benchmark = {
  ref: "https://github.com/ultralytics/ultralytics/blob/main/docs/en/integrations/openvino.md", date: "2026-11-22",
  chip: "Core Ultra 7 155H", engine: "OpenVINO on the CPU, int8", clockHz: 4.8e9,
  rows: [
    { model: "YOLO26n 640x640", macs: 2.7e9, ms: 11.79 },
    { model: "YOLO26s 640x640", macs: 10.35e9, ms: 15.75 },
    { model: "YOLO26l 640x640", macs: 43.2e9, ms: 45.55 },
    { model: "YOLO26x 640x640", macs: 96.95e9, ms: 85.32 },
  ],
};

export const pyTorchOnCoreUltra: Benchmark = {
  ref: "https://github.com/ultralytics/ultralytics/blob/main/docs/en/integrations/openvino.md", date: "2026-11-22",
  chip: "Core Ultra 7 155H", engine: "PyTorch on the CPU, float32", clockHz: 4.8e9,
  rows: [
    { model: "YOLO26n 640x640", macs: 2.7e9, ms: 33.54 },
    { model: "YOLO26s 640x640", macs: 10.35e9, ms: 75.81 },
    { model: "YOLO26l 640x640", macs: 43.2e9, ms: 273.41 },
    { model: "YOLO26x 640x640", macs: 96.95e9, ms: 560.87 },
  ],
};
