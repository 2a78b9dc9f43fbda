import type { LowerCase } from "./cases.ts";

const int8 = (name: string, body: string, operators: readonly string[]): LowerCase => ({ name, graph: `graph case\n${body}\n`, operators });

const picture = "in x: int8[1, 4, 7, 6] scale=0.05 zero=-10";
const weights = (shape: string, count: number, axis = 0): string => `int8[${shape}] scale=[${Array.from({ length: count }, (_, i) => (i + 1) / 256).join(", ")}] axis=${axis} = const seed 1`;

/** int8 uses of the ops that have an integer form. */
export const int8Cases: readonly LowerCase[] = [
  int8("convolution", `${picture}\nw: ${weights("5, 4, 3, 3", 5)}\ny: int8[1, 5, 5, 4] scale=0.25 zero=-128 = Conv(x, w) kernel_shape=[3, 3] clampMin=0\nout y`, ["CONV_2D"]),
  int8("convolution with a clamp beyond the range", `${picture}\nw: ${weights("5, 4, 1, 1", 5)}\ny: int8[1, 5, 7, 6] scale=0.015625 zero=-128 = Conv(x, w) kernel_shape=[1, 1] clampMin=-0.5 clampMax=9\nout y`, ["CONV_2D"]),
  int8("convolution with a clamp of its own", `${picture}\nw: ${weights("5, 4, 1, 1", 5)}\ny: int8[1, 5, 7, 6] scale=0.25 zero=3 = Conv(x, w) kernel_shape=[1, 1] clampMin=-0.5 clampMax=4\nout y`, ["CONV_2D", "MAXIMUM", "MINIMUM"]),
  int8("depthwise convolution padded otherwise", `${picture}\nw: ${weights("8, 1, 3, 3", 8)}\ny: int8[1, 8, 4, 3] scale=0.25 zero=4 = Conv(x, w) kernel_shape=[3, 3] group=4 pads=[1, 1, 1, 1] strides=[2, 2]\nout y`, ["PAD", "DEPTHWISE_CONV_2D"]),
  int8("transposed convolution", `${picture}\nw: ${weights("4, 5, 2, 2", 5, 1)}\ny: int8[1, 5, 14, 12] scale=0.25 zero=4 = ConvTranspose(x, w) kernel_shape=[2, 2] strides=[2, 2]\nout y`, ["TRANSPOSE_CONV"]),
  int8("dense layer under a picture", `${picture}\nw: int8[3, 168] scale=0.01 = const seed 1\nb: int32[3] scale=0.0005 = const [5, -7, 900]\nm: int8[1, 4, 7, 6] scale=0.05 zero=-10 = MaxPool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1]\nf: int8[1, 168] scale=0.05 zero=-10 = Flatten(m)\ny: int8[1, 3] scale=0.1 zero=0 = Gemm(f, w, b) transB=1\nout y`, ["MAX_POOL_2D", "RESHAPE", "FULLY_CONNECTED"]),
  int8("maximum of windows padded otherwise", `${picture}\ny: int8[1, 4, 4, 3] scale=0.05 zero=-10 = MaxPool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 0] strides=[2, 2]\nout y`, ["PADV2", "MAX_POOL_2D"]),
  int8("mean of windows padded otherwise", "in x: int8[1, 2, 5, 4] scale=0.05 zero=-10\ny: int8[1, 2, 5, 4] scale=0.05 zero=-10 = AveragePool(x) kernel_shape=[2, 1] pads=[1, 0, 0, 0]\nout y", ["SLICE", "AVERAGE_POOL_2D", "SLICE", "AVERAGE_POOL_2D", "CONCATENATION"]),
  int8("means that round halves up", "in x: int8[1, 2, 4, 4] scale=0.05 zero=-10\ny: int8[1, 2, 2, 2] scale=0.05 zero=-10 = AveragePool(x) kernel_shape=[2, 2] strides=[2, 2] halves=\"up\"\nout y", ["QUANTIZE", "AVERAGE_POOL_2D", "QUANTIZE"]),
  int8("weights with a zero point", `${picture}\nw: int8[5, 4, 1, 1] scale=0.02 zero=7 = const seed 1\ny: int8[1, 5, 7, 6] scale=0.25 zero=3 = Conv(x, w) kernel_shape=[1, 1]\nout y`, ["QUANTIZE", "CONV_2D", "QUANTIZE"]),
  int8("mean of the plane", `${picture}\ny: int8[1, 4, 1, 1] scale=0.03 zero=2 = GlobalAveragePool(x)\nout y`, ["MEAN"]),
  int8("sum, difference, product, extremes", `${picture}\nk: int8[4, 1, 1] scale=0.02 zero=3 = const seed 1\na: int8[1, 4, 7, 6] scale=0.06 zero=1 = Add(x, k) clampMin=0\ns: int8[1, 4, 7, 6] scale=0.07 zero=2 = Sub(a, x)\nm: int8[1, 4, 7, 6] scale=0.07 zero=2 = Mul(s, a)\nn: int8[1, 4, 7, 6] scale=0.07 zero=2 = Min(m, s)\ny: int8[1, 4, 7, 6] scale=0.07 zero=2 = Max(n, s)\nout y`, ["ADD", "SUB", "MUL", "MINIMUM", "MAXIMUM"]),
  int8("curves", `${picture}\na: int8[1, 4, 7, 6] scale=0.04 zero=0 = LeakyRelu(x) alpha=0.25\nb: int8[1, 4, 7, 6] scale=0.03 zero=-90 = HardSwish(a)\nc: int8[1, 4, 7, 6] scale=0.0078125 = Tanh(b)\ny: int8[1, 4, 7, 6] scale=0.00390625 zero=-128 = Sigmoid(c)\nout y`, ["LEAKY_RELU", "HARD_SWISH", "TANH", "LOGISTIC"]),
  int8("limits with another scale", `${picture}\nl: float32[] = const [-0.25]\nh: float32[] = const [3]\na: int8[1, 4, 7, 6] scale=0.03 zero=5 = Relu(x)\ny: int8[1, 4, 7, 6] scale=0.02 zero=-20 = Clip(a, l, h)\nout y`, ["RELU", "QUANTIZE", "MAXIMUM", "MINIMUM"]),
  int8("border of a number", `${picture}\np: int64[8] = const [0, 0, 1, 0, 0, 0, 2, 0]\nf: float32[] = const [0.5]\ny: int8[1, 4, 10, 6] scale=0.05 zero=-10 = Pad(x, p, f)\nout y`, ["PADV2"]),
  int8("shares between floats", "in x: float32[2, 6]\nq: int8[2, 6] scale=0.02 zero=4 = Quantize(x)\ns: int8[2, 6] scale=0.00390625 zero=-128 = Softmax(q)\ny: float32[2, 6] = Dequantize(s)\nout y", ["QUANTIZE", "SOFTMAX", "DEQUANTIZE"]),
  int8("moved numbers", `${picture}\nw: ${weights("6, 4, 1, 1", 6)}\nc: int8[1, 6, 7, 6] scale=0.25 zero=4 = Conv(x, w) kernel_shape=[1, 1]\ns: int64[2] = const [2, 4]\na: int8[1, 2, 7, 6] scale=0.25 zero=4, b: int8[1, 4, 7, 6] scale=0.25 zero=4 = Split(c, s) axis=1\ny: int8[1, 6, 7, 6] scale=0.25 zero=4 = Concat(b, a) axis=1\nout y`, ["CONV_2D", "SPLIT_V", "CONCATENATION"]),
];
