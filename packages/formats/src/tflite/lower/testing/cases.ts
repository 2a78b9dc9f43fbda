/** One use of an op, in the text form of graphs, named after what is particular about it. */
export interface LowerCase {
  readonly name: string;
  readonly graph: string;
  /** The operators that are expected, in order. */
  readonly operators: readonly string[];
}

const floats = (name: string, body: string, operators: readonly string[]): LowerCase => ({ name, graph: `graph case\n${body}\n`, operators });

const picture = "in x: float32[1, 4, 7, 6]";

/** Float uses of every op, of pictures unless they need rows. */
export const floatCases: readonly LowerCase[] = [
  floats("convolution", `${picture}\nw: float32[5, 4, 3, 3] = const seed 1\nb: float32[5] = const seed 2\ny = Conv(x, w, b) kernel_shape=[3, 3] clampMin=0\nout y`, ["CONV_2D"]),
  floats("convolution padded as SAME", `${picture}\nw: float32[5, 4, 3, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3, 3] pads=[1, 1, 1, 1] clampMin=0 clampMax=6\nout y`, ["CONV_2D"]),
  floats("convolution padded otherwise", `${picture}\nw: float32[5, 4, 3, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[2, 2]\nout y`, ["PAD", "CONV_2D"]),
  floats("convolution with a clamp of its own", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\ny = Conv(x, w) kernel_shape=[1, 1] clampMin=-0.5 clampMax=0.25\nout y`, ["CONV_2D", "MAXIMUM", "MINIMUM"]),
  floats("grouped convolution", `${picture}\nw: float32[6, 2, 3, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3, 3] group=2\nout y`, ["CONV_2D"]),
  floats("depthwise convolution", `${picture}\nw: float32[8, 1, 3, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3, 3] group=4 dilations=[2, 2]\nout y`, ["DEPTHWISE_CONV_2D"]),
  floats("convolution of rows", "in x: float32[1, 4, 9]\nw: float32[5, 4, 3] = const seed 1\ny = Conv(x, w) kernel_shape=[3] pads=[1, 1]\nout y", ["TRANSPOSE", "RESHAPE", "CONV_2D", "RESHAPE", "TRANSPOSE"]),
  floats("transposed convolution", `${picture}\nw: float32[4, 5, 2, 2] = const seed 1\nb: float32[5] = const seed 2\ny = ConvTranspose(x, w, b) kernel_shape=[2, 2] strides=[2, 2] clampMin=0\nout y`, ["TRANSPOSE_CONV"]),
  floats("transposed convolution cut as SAME", `${picture}\nw: float32[4, 5, 3, 3] = const seed 1\ny = ConvTranspose(x, w) kernel_shape=[3, 3] strides=[2, 2] pads=[0, 0, 1, 1]\nout y`, ["TRANSPOSE_CONV"]),
  floats("transposed convolution cut otherwise", `${picture}\nw: float32[4, 5, 3, 3] = const seed 1\ny = ConvTranspose(x, w) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]\nout y`, ["TRANSPOSE_CONV"]),
  floats("transposed convolution, longer", `${picture}\nw: float32[4, 5, 3, 3] = const seed 1\ny = ConvTranspose(x, w) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1] output_padding=[1, 1]\nout y`, ["TRANSPOSE_CONV", "SLICE"]),
  floats("transposed convolution in groups", `${picture}\nw: float32[4, 3, 2, 2] = const seed 1\nb: float32[6] = const seed 2\ny = ConvTranspose(x, w, b) kernel_shape=[2, 2] strides=[2, 2] group=2\nout y`, ["SPLIT", "TRANSPOSE_CONV", "TRANSPOSE_CONV", "CONCATENATION"]),
  floats("transposed convolution, dilated", `${picture}\nw: float32[4, 3, 2, 2] = const seed 1\ny = ConvTranspose(x, w) kernel_shape=[2, 2] strides=[2, 2] dilations=[2, 2]\nout y`, ["TRANSPOSE_CONV"]),
  floats("dense layer", "in x: float32[2, 6]\nw: float32[5, 6] = const seed 1\nb: float32[5] = const seed 2\ny = Gemm(x, w, b) transB=1 clampMin=0\nout y", ["FULLY_CONNECTED"]),
  floats("dense layer with factors", "in x: float32[6, 2]\nw: float32[6, 5] = const seed 1\nb: float32[1] = const seed 2\ny = Gemm(x, w, b) transA=1 alpha=0.5 beta=2\nout y", ["TRANSPOSE", "FULLY_CONNECTED"]),
  floats("dense layer with an addend by row", "in x: float32[2, 6]\nw: float32[5, 6] = const seed 1\nb: float32[2, 1] = const seed 2\ny = Gemm(x, w, b) transB=1\nout y", ["FULLY_CONNECTED", "ADD"]),
  floats("product of two computed matrices", "in x: float32[2, 6]\nin w: float32[5, 6]\nin b: float32[2, 5]\ny = Gemm(x, w, b) transB=1 alpha=2 beta=3 clampMin=0\nout y", ["BATCH_MATMUL", "MUL", "MUL", "ADD", "RELU"]),
  floats("product in batches", "in x: float32[3, 2, 6]\nin w: float32[3, 6, 4]\ny = MatMul(x, w)\nout y", ["BATCH_MATMUL"]),
  floats("product of batches and constant weights", "in x: float32[3, 2, 6]\nw: float32[6, 4] = const seed 1\ny = MatMul(x, w) clampMin=0\nout y", ["FULLY_CONNECTED"]),
  floats("maximum of windows", `${picture}\ny = MaxPool(x) kernel_shape=[2, 2] strides=[2, 2]\nout y`, ["MAX_POOL_2D"]),
  floats("maximum of windows padded otherwise", `${picture}\ny = MaxPool(x) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]\nout y`, ["PADV2", "MAX_POOL_2D"]),
  floats("maximum of windows over what is not below 0", `${picture}\nr = Relu(x)\ny = MaxPool(r) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]\nout y`, ["RELU", "PAD", "MAX_POOL_2D"]),
  floats("maximum of the plane", `${picture}\ny = GlobalMaxPool(x)\nout y`, ["MAX_POOL_2D"]),
  floats("mean of windows", `${picture}\ny = AveragePool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1] clampMin=0\nout y`, ["AVERAGE_POOL_2D"]),
  floats("mean of windows with its padding", `${picture}\ny = AveragePool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1] count_include_pad=1\nout y`, ["PAD", "AVERAGE_POOL_2D"]),
  floats("mean of windows padded otherwise", `${picture}\ny = AveragePool(x) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 0]\nout y`, ["PAD", "AVERAGE_POOL_2D", "MUL"]),
  floats("mean of windows rounded up", "in x: float32[1, 2, 6, 6]\ny = AveragePool(x) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 0, 0, 0] ceil_mode=1 count_include_pad=1\nout y", ["PAD", "AVERAGE_POOL_2D", "MUL"]),
  floats("mean of the plane", `${picture}\ny = GlobalAveragePool(x)\nout y`, ["MEAN"]),
  floats("mean without its axes", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\na: int64[2] = const [2, 3]\ny = ReduceMean(c, a) keepdims=0\nout y`, ["CONV_2D", "MEAN"]),
  floats("mean over the channels", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\na: int64[1] = const [1]\ny = ReduceMean(c, a) keepdims=0\nout y`, ["CONV_2D", "MEAN"]),
  floats("sum, difference, product", `${picture}\nw: float32[4, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\nk: float32[4, 1, 1] = const seed 2\nf: float32[7, 6] = const seed 3\na = Add(c, x) clampMin=0\ns = Sub(a, k)\ny = Mul(f, s) clampMin=-1 clampMax=1\nout y`, ["CONV_2D", "ADD", "SUB", "MUL"]),
  floats("quotient", `${picture}\nk: float32[] = const [4]\ny = Div(x, k)\nout y`, ["DIV"]),
  floats("extremes", `${picture}\nk: float32[4, 1, 1] = const seed 2\nr = Tanh(x)\nm = Min(x, r)\ny = Max(m, k)\nout y`, ["TANH", "MINIMUM", "MAXIMUM"]),
  floats("operands of different rank", `${picture}\nin v: float32[4, 1, 1]\ny = Add(x, v)\nout y`, ["ADD"]),
  floats("rectifiers", `${picture}\na = Relu(x)\nb = LeakyRelu(a) alpha=0.25\ns: float32[4, 1, 1] = const seed 1\nc = PRelu(b, s)\nd = Elu(c)\ny = Elu(d) alpha=0.5\nout y`, ["RELU", "LEAKY_RELU", "PRELU", "ELU", "MINIMUM", "ELU", "MUL", "RELU", "ADD"]),
  floats("curves", `${picture}\na = Sigmoid(x)\nb = Tanh(a)\ny = HardSwish(b)\nout y`, ["LOGISTIC", "TANH", "HARD_SWISH"]),
  floats("hard sigmoid", `${picture}\na = HardSigmoid(x)\ny = HardSigmoid(a) alpha=0.16666667 beta=0.5\nout y`, ["MUL", "ADD", "MUL", "ADD", "MUL"]),
  floats("limits", `${picture}\na: float32[] = const [0]\nb: float32[] = const [6]\nc: float32[] = const [-1]\nd: float32[] = const [1]\ne: float32[] = const [0.5]\np = Clip(x, c, d)\nq = Clip(p, a)\nr = Clip(q, a, b)\nt = Clip(r, _, e)\ny = Clip(t, c)\nout y`, ["RELU_N1_TO_1", "RELU", "RELU6", "MINIMUM", "MAXIMUM"]),
  floats("shares along the last axis", "in x: float32[2, 5]\na = Softmax(x)\ny = LogSoftmax(a)\nout y", ["SOFTMAX", "LOG_SOFTMAX"]),
  floats("shares along the channels", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ny = Softmax(c) axis=1\nout y`, ["CONV_2D", "SOFTMAX"]),
  floats("shares along the rows", "in x: float32[2, 5, 3]\ny = Softmax(x) axis=1\nout y", ["TRANSPOSE", "SOFTMAX", "TRANSPOSE"]),
  floats("border", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\np: int64[8] = const [0, 1, 1, 0, 0, 2, 0, 2]\nf: float32[] = const [0.5]\na = Pad(c, p)\ny = Pad(a, p, f)\nout y`, ["CONV_2D", "PAD", "PADV2"]),
  floats("border that cuts", `${picture}\np: int64[4] = const [-1, 1, 0, -2]\nq: int64[2] = const [2, 3]\ny = Pad(x, p, _, q)\nout y`, ["SLICE", "PAD"]),
  floats("mirrored border", `${picture}\np: int64[8] = const [0, 0, 2, 1, 0, 0, 1, 2]\ny = Pad(x, p) mode="reflect"\nout y`, ["MIRROR_PAD"]),
  floats("border of the edge", `${picture}\np: int64[8] = const [0, 0, 2, 1, 0, 0, 1, 2]\ny = Pad(x, p) mode="edge"\nout y`, ["GATHER", "GATHER"]),
  floats("joined channels", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nk: float32[1, 2, 7, 6] = const seed 2\nc = Conv(x, w) kernel_shape=[1, 1]\ny = Concat(c, x, k) axis=1\nout y`, ["CONV_2D", "CONCATENATION"]),
  floats("parted channels", `${picture}\nw: float32[6, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ns: int64[2] = const [2, 4]\na, b = Split(c, s) axis=1\nd, e = Split(b) axis=1\nout a, d, e`, ["CONV_2D", "SPLIT_V", "SPLIT"]),
  floats("ranges", `${picture}\na: int64[2] = const [1, -4]\nb: int64[2] = const [3, 100]\nc: int64[2] = const [1, 3]\nd = Slice(x, a, b, c)\ne: int64[2] = const [-1, 0]\nf: int64[2] = const [-100, 7]\ng: int64[2] = const [2, 3]\nh: int64[2] = const [-2, 2]\ny = Slice(d, e, f, g, h)\nout y`, ["SLICE", "STRIDED_SLICE"]),
  floats("other dims", `${picture}\na: int64[3] = const [2, 0, -1]\nb = Reshape(x, a) allowzero=0\nc: int64[1] = const [1]\nd = Unsqueeze(b, c)\ne = Squeeze(d, c)\ny = Flatten(e)\nout y`, ["RESHAPE"]),
  floats("other order", "in x: float32[2, 3, 4]\ny = Transpose(x) perm=[1, 2, 0]\nout y", ["TRANSPOSE"]),
  floats("positions", `${picture}\nw: float32[5, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ni: int64[3] = const [-1, 0, 2]\na = Gather(c, i) axis=1\nj: int64[] = const [1]\ny = Gather(a, j) axis=1\nout y`, ["CONV_2D", "GATHER", "TRANSPOSE", "GATHER"]),
  floats("another type", "in x: float32[2, 3]\na = Cast(x) to=\"int32\"\ny = Cast(a) to=\"float32\"\nout y", ["CAST", "CAST"]),
  floats("nearest elements", `${picture}\ns: float32[4] = const [1, 1, 2, 2]\ny = Resize(x, _, s) mode="nearest" coordinate_transformation_mode="asymmetric" nearest_mode="floor"\nout y`, ["RESIZE_NEAREST_NEIGHBOR"]),
  floats("nearest elements, halves up", `${picture}\ns: int64[4] = const [1, 4, 5, 9]\ny = Resize(x, _, _, s) mode="nearest" coordinate_transformation_mode="half_pixel" nearest_mode="round_prefer_ceil"\nout y`, ["RESIZE_NEAREST_NEIGHBOR"]),
  floats("nearest elements of no operator", `${picture}\ns: int64[4] = const [1, 4, 3, 4]\ny = Resize(x, _, _, s) mode="nearest" coordinate_transformation_mode="asymmetric" nearest_mode="ceil"\nout y`, ["GATHER", "GATHER"]),
  floats("interpolation at half pixels", `${picture}\ns: float32[4] = const [1, 1, 2, 2]\ny = Resize(x, _, s) mode="linear"\nout y`, ["RESIZE_BILINEAR"]),
  floats("interpolation with aligned corners", `${picture}\ns: int64[4] = const [1, 4, 9, 11]\ny = Resize(x, _, _, s) mode="linear" coordinate_transformation_mode="align_corners"\nout y`, ["RESIZE_BILINEAR"]),
  floats("batch normalization on its own", `${picture}\na: float32[4] = const seed 1 [0.5, 2]\nb: float32[4] = const seed 2\nc: float32[4] = const seed 3\nd: float32[4] = const seed 4 [0.5, 2]\nr = Relu(x)\ny = BatchNormalization(r, a, b, c, d)\nout y`, ["RELU", "MUL", "ADD"]),
  floats("identity between a picture and itself", `${picture}\ny = Identity(x)\nout y`, ["RESHAPE"]),
  floats("weights of integers", `${picture}\nw: int8[5, 4, 1, 1] scale=[0.1, 0.2, 0.3, 0.4, 0.5] axis=0 = const seed 1\ny = Conv(x, w) kernel_shape=[1, 1]\nout y`, ["DEQUANTIZE", "CONV_2D"]),
  floats("a dense layer under a picture reads it in its order", `${picture}\nw: float32[5, 4, 3, 3] = const seed 1\nv: float32[6, 100] = const seed 2\nc = Conv(x, w) kernel_shape=[3, 3]\nf = Flatten(c)\nr = Relu(f)\nk: float32[100] = const seed 3\na = Add(r, k)\ny = Gemm(a, v) transB=1\nout y`, ["CONV_2D", "RESHAPE", "RELU", "ADD", "FULLY_CONNECTED"]),
  floats("a dense layer above a picture makes it in its order", "in x: float32[1, 5]\nv: float32[5, 36] = const seed 1\nb: float32[36] = const seed 2\ng = Gemm(x, v, b)\ns: int64[4] = const [1, 4, 3, 3]\np = Reshape(g, s)\nw: float32[4, 2, 2, 2] = const seed 3\ny = ConvTranspose(p, w) kernel_shape=[2, 2] strides=[2, 2]\nout y", ["FULLY_CONNECTED", "RESHAPE", "TRANSPOSE_CONV"]),
  floats("shuffled channels stay channels last", `${picture}\nw: float32[6, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\na: int64[5] = const [1, 2, 3, 7, 6]\ng = Reshape(c, a)\nt = Transpose(g) perm=[0, 2, 1, 3, 4]\nb: int64[4] = const [1, 6, 7, 6]\ns = Reshape(t, b)\nv: float32[3, 6, 1, 1] = const seed 2\ny = Conv(s, v) kernel_shape=[1, 1]\nout y`, ["CONV_2D", "RESHAPE", "TRANSPOSE", "RESHAPE", "CONV_2D"]),
];
