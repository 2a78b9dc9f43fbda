import { writeOnnx } from "@edgewise/formats/onnx";
import { parseGraph } from "@edgewise/graph";

/** [2, 1, 3, 3]: channel 0 averages, channel 1 takes the middle pixel. */
const convWeights = [...Array<string>(9).fill("0.11"), "0", "0", "0", "0", "1", "0", "0", "0", "0"].join(", ");

/** Answers which half of an 8x8 gray picture is brighter: [left, right]. `head` is the sign of the decision. */
function halvesText(head: "right" | "blind", batch = "1"): string {
  const weights = head === "right" ? "4, -4, 4, -4, -4, 4, -4, 4" : "1, 1, 1, 1, 1, 1, 1, 1";
  return `graph halves
in x: float32[${batch}, 1, 8, 8]
w: float32[2, 1, 3, 3] = const [${convWeights}]
b: float32[2] = const [0, 0]
c = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1] as "stem"
r = Relu(c) as "stem_relu"
p = AveragePool(r) kernel_shape=[8, 4] strides=[8, 4] as "pool"
f = Flatten(p) axis=1 as "flat"
g: float32[2, 4] = const [${head === "right" ? "4, -4, 4, -4, -4, 4, -4, 4" : weights}]
h: float32[2] = const [${head === "right" ? "0, 0" : "0.5, 0"}]
y = Gemm(f, g, h) transB=1 as "head"
out y
`;
}

/** Only convolution and a global pool: any height and width will do. */
const fullyConvolutional = `graph anywhere
in x: float32[1, 1, 8, 8]
w: float32[2, 1, 3, 3] = const [${convWeights}]
b: float32[2] = const [0, 0.1]
c = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1] as "stem"
p = GlobalAveragePool(c) as "pool"
y = Flatten(p) axis=1 as "flat"
out y
`;

/** A Reshape to a stored size holds the model at 8x8. */
const fixedSize = `graph fixed
in x: float32[1, 1, 8, 8]
w: float32[2, 1, 3, 3] = const [${convWeights}]
b: float32[2] = const [0, 0.1]
c = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1] as "stem"
s: int64[2] = const [1, 128]
f = Reshape(c, s) as "to_rows"
g: float32[128, 2] = const seed 1
y = MatMul(f, g) as "head"
out y
`;

function onnx(text: string): Uint8Array {
  return writeOnnx(parseGraph(text)).model;
}

/** Small ONNX files of our own, by what they are for. */
export const tinyModels = {
  /** Right on every sample of `samples.ts`. */
  good: (): Uint8Array => onnx(halvesText("right")),
  /** Answers "left" always: right on half of them. */
  blind: (): Uint8Array => onnx(halvesText("blind")),
  namedBatch: (): Uint8Array => onnx(halvesText("right", "N")),
  fullyConvolutional: (): Uint8Array => onnx(fullyConvolutional),
  fixedSize: (): Uint8Array => onnx(fixedSize),
} as const;
