/** One op each, in float; `quantizeGraph` makes them int8. Several where an op has several integer forms. */
export const int8Graphs: Readonly<Record<string, string>> = {
  "Conv": `in x: float32[1, 3, 9, 8]
w: float32[5, 3, 3, 3] = const seed 1
b: float32[5] = const seed 2
y = Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1]`,
  "Conv 1x1": `in x: float32[1, 7, 6, 6]
w: float32[9, 7, 1, 1] = const seed 1
y = Conv(x, w) kernel_shape=[1, 1]`,
  "Conv with Relu6": `in x: float32[1, 3, 9, 8]
w: float32[5, 3, 3, 3] = const seed 1
low: float32[] = const [0]
high: float32[] = const [6]
c = Conv(x, w) kernel_shape=[3, 3] strides=[2, 2] pads=[0, 0, 1, 1]
y = Clip(c, low, high)`,
  "Conv dilated": `in x: float32[1, 2, 9, 9]
w: float32[3, 2, 3, 3] = const seed 1
y = Conv(x, w) kernel_shape=[3, 3] dilations=[2, 2] pads=[2, 2, 2, 2]`,
  "Conv grouped": `in x: float32[1, 6, 7, 5]
w: float32[4, 3, 3, 2] = const seed 1
y = Conv(x, w) group=2 kernel_shape=[3, 2] pads=[1, 1, 1, 0]`,
  "Conv depthwise": `in x: float32[1, 8, 7, 9]
w: float32[8, 1, 3, 3] = const seed 1
b: float32[8] = const seed 2
y = Conv(x, w, b) group=8 kernel_shape=[3, 3] pads=[1, 1, 1, 1]`,
  "ConvTranspose": `in x: float32[1, 3, 4, 5]
w: float32[3, 4, 3, 3] = const seed 1
b: float32[4] = const seed 2
y = ConvTranspose(x, w, b) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1] output_padding=[1, 1]`,
  "Gemm": `in x: float32[1, 40]
w: float32[10, 40] = const seed 1
b: float32[10] = const seed 2
y = Gemm(x, w, b) transB=1`,
  "MatMul": `in x: float32[5, 24]
w: float32[24, 7] = const seed 1
y = MatMul(x, w)`,
  "Add": `in x: float32[1, 4, 6, 6]
in z: float32[1, 4, 6, 6]
y = Add(x, z)`,
  "Add a constant": `in x: float32[1, 4, 6, 6]
k: float32[1, 4, 1, 1] = const seed 1
r = Relu(x)
y = Add(r, k)`,
  "Sub": `in x: float32[1, 4, 6, 6]
in z: float32[1, 4, 1, 1]
y = Sub(x, z)`,
  "Mul": `in x: float32[1, 4, 6, 6]
in z: float32[1, 4, 6, 6]
y = Mul(x, z)`,
  "Min": `in x: float32[1, 4, 6, 6]
in z: float32[1, 4, 6, 6]
y = Min(x, z)`,
  "Max a constant": `in x: float32[1, 4, 6, 6]
k: float32[1, 4, 1, 1] = const seed 1
y = Max(x, k)`,
  "Resize to the nearest": `in x: float32[1, 3, 4, 5]
s: int64[4] = const [1, 3, 8, 10]
y = Resize(x, _, _, s) coordinate_transformation_mode="asymmetric" nearest_mode="floor"`,
  "Resize linear": `in x: float32[1, 3, 4, 5]
s: float32[4] = const [1, 1, 2, 2]
y = Resize(x, _, s) mode="linear"`,
  "Elu": `in x: float32[1, 4, 6, 6]
y = Elu(x)`,
  "MaxPool": `in x: float32[1, 3, 8, 9]
y = MaxPool(x) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]`,
  "AveragePool": `in x: float32[1, 3, 8, 8]
y = AveragePool(x) kernel_shape=[2, 2] strides=[2, 2]`,
  "AveragePool padded": `in x: float32[1, 3, 8, 9]
y = AveragePool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1]`,
  "GlobalAveragePool": `in x: float32[1, 6, 7, 7]
y = GlobalAveragePool(x)`,
  "GlobalMaxPool": `in x: float32[1, 12, 2, 3]
y = GlobalMaxPool(x)`,
  "ReduceMean": `in x: float32[1, 6, 7, 7]
axes: int64[2] = const [2, 3]
y = ReduceMean(x, axes) keepdims=0`,
  "Relu": `in x: float32[1, 4, 6, 6]
y = Relu(x)`,
  "Clip": `in x: float32[1, 4, 6, 6]
low: float32[] = const [-0.5]
high: float32[] = const [1]
y = Clip(x, low, high)`,
  "LeakyRelu": `in x: float32[1, 4, 6, 6]
y = LeakyRelu(x) alpha=0.1`,
  "PRelu": `in x: float32[1, 4, 6, 6]
k: float32[4, 1, 1] = const seed 1 [0.1, 0.4]
y = PRelu(x, k)`,
  "HardSwish": `in x: float32[1, 4, 6, 6]
y = HardSwish(x)`,
  "Sigmoid": `in x: float32[1, 4, 6, 6]
y = Sigmoid(x)`,
  "Tanh": `in x: float32[1, 4, 6, 6]
y = Tanh(x)`,
  "Softmax": `in x: float32[6, 10]
y = Softmax(x) axis=1`,
  "Concat": `in x: float32[1, 4, 3, 3]
in z: float32[1, 2, 3, 3]
y = Concat(x, z) axis=1`,
  "Pad": `in x: float32[1, 3, 5, 5]
pads: int64[8] = const [0, 0, 1, 2, 0, 0, 2, 1]
y = Pad(x, pads)`,
  "Reshape": `in x: float32[1, 4, 6]
shape: int64[2] = const [3, 8]
y = Reshape(x, shape)`,
  "Flatten": `in x: float32[1, 4, 3, 3]
y = Flatten(x)`,
  "Transpose": `in x: float32[1, 4, 3, 5]
y = Transpose(x) perm=[0, 2, 3, 1]`,
  "Slice": `in x: float32[1, 4, 9]
starts: int64[1] = const [1]
ends: int64[1] = const [8]
axes: int64[1] = const [2]
y = Slice(x, starts, ends, axes)`,
  "Gather": `in x: float32[1, 4, 9]
rows: int64[3] = const [3, 0, 2]
y = Gather(x, rows) axis=1`,
};
