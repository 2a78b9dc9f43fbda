import type { ImageInput, LabelsOutput, Precision, TaskContract } from "@edgewise/planner/schema";
import type { Port } from "../../ports.ts";
import { LITERT_VERSION } from "../../runtime.ts";
import type { KotlinFacts, PortLayout } from "../facts.ts";

export interface KotlinCase {
  readonly target: string;
  readonly contract: TaskContract;
  readonly input: Port;
  readonly output: Port;
  readonly inputLayout?: PortLayout;
  readonly outputLayout?: PortLayout;
  readonly backend?: string;
  readonly precision?: Precision;
}

export function factsOf({ target, contract, input, output, inputLayout = "as-graph", outputLayout = "as-graph", backend = "cpu", precision = "float32" }: KotlinCase): KotlinFacts {
  return {
    candidate: {
      id: "2".repeat(64), target, device: "pixel-8", placement: "device", model: "0".repeat(64), file: "models/small.onnx", family: "small", variant: "",
      resolution: null, precision, runtime: "litert", runtimeVersion: LITERT_VERSION, backend,
    },
    contract, ports: { input, output }, layouts: { input: inputLayout, output: outputLayout }, model: { file: "model.tflite", sha256: "3".repeat(64) }, hasGolden: true,
  };
}

export function floatPort(name: string, shape: readonly number[]): Port {
  return { name, type: "FLOAT32", shape, elements: shape.reduce((product, dim) => product * dim, 1), quant: null };
}

export function int8Port(name: string, shape: readonly number[], quant: { readonly scale: number; readonly zeroPoint: number }): Port {
  return { ...floatPort(name, shape), type: "INT8", quant: { scale: Math.fround(quant.scale), zeroPoint: quant.zeroPoint } };
}

export const gray: ImageInput = { kind: "image", color: "gray", resize: { filter: "area", fit: "stretch", crop: null, pad: 0 }, scale: [1 / 255], offset: [0], layout: "nchw" };

const meanAndDeviation = { scale: [1 / 58.395, 1 / 57.12, 1 / 57.375], offset: [-2.1179, -2.0357, -1.8044] };

export const labels: LabelsOutput = { kind: "labels", labels: ["zero", "one", "\"two\" $", "drei ß"], labelOffset: 0, softmax: true, topK: 3 };

/** Contracts that differ in every step of the way from a raw input to an answer. */
export const cases: readonly KotlinCase[] = [
  { target: "gray-area", contract: { input: gray, output: labels }, input: floatPort("x", [1, 7, 9, 1]), inputLayout: "nhwc", output: floatPort("y", [1, 4]) },
  {
    target: "rgb-bilinear-cover", backend: "npu", output: floatPort("y", [1, 5]), input: floatPort("x", [1, 7, 9, 3]), inputLayout: "nhwc",
    contract: { input: { ...gray, color: "rgb", resize: { filter: "bilinear", fit: "cover", crop: null, pad: 0 }, ...meanAndDeviation }, output: { ...labels, labelOffset: 1, topK: 1 } },
  },
  {
    target: "bgr-nearest-contain", backend: "gpu", output: int8Port("y", [1, 4], { scale: 0.17, zeroPoint: 3 }), input: floatPort("x", [1, 3, 7, 9]),
    contract: { input: { ...gray, color: "bgr", resize: { filter: "nearest", fit: "contain", crop: { heightPx: 6, widthPx: 5 }, pad: 113.6 }, ...meanAndDeviation }, output: { ...labels, softmax: false } },
  },
  {
    target: "int8-picture", backend: "npu", precision: "int8", input: int8Port("serving_default_x:0", [1, 7, 9, 3], { scale: 0.0173, zeroPoint: -11 }), inputLayout: "nhwc", output: int8Port("y", [1, 4], { scale: 1 / 256, zeroPoint: -128 }),
    contract: { input: { ...gray, color: "rgb", resize: { filter: "area", fit: "contain", crop: null, pad: 7 }, ...meanAndDeviation }, output: { ...labels, softmax: false, topK: 2 } },
  },
  { target: "same-size", backend: "nnapi", contract: { input: { ...gray, layout: "nhwc", resize: { ...gray.resize, filter: "none" } }, output: { kind: "tensor" } }, input: floatPort("x", [1, 7, 9, 1]), output: floatPort("y", [1, 2, 3, 4]), outputLayout: "nhwc" },
  { target: "nearest-cover", contract: { input: { ...gray, resize: { filter: "nearest", fit: "cover", crop: null, pad: 0 } }, output: { kind: "tensor" } }, input: int8Port("x", [1, 7, 9, 1], { scale: 1 / 255, zeroPoint: -128 }), inputLayout: "nhwc", output: floatPort("y", [1, 4]) },
  { target: "values", contract: { input: { kind: "tensor", scale: [0.1, 2, -7], offset: [0.5, 0, 1 / 3] }, output: { kind: "tensor" } }, input: floatPort("x", [1, 2, 5, 3]), inputLayout: "nhwc", output: int8Port("y", [1, 2, 3, 4], { scale: 0.05, zeroPoint: -7 }), outputLayout: "nhwc" },
  { target: "Class", contract: { input: { kind: "tensor", scale: [1], offset: [0] }, output: labels }, input: int8Port("x", [1, 30], { scale: 1 / 32, zeroPoint: 5 }), output: floatPort("y", [1, 4]) },
];
