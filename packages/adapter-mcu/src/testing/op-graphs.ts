/** Small float graphs in the text form, one for each form of an op that random networks do not draw. */
export const opGraphs: Readonly<Record<string, string>> = {
  "grouped convolution": `graph g
in x: float32[1, 6, 7, 5]
w: float32[4, 3, 3, 2] = const seed 1
b: float32[4] = const seed 2
y = Conv(x, w, b) group=2 kernel_shape=[3, 2] strides=[2, 1] pads=[1, 1, 0, 1]
out y
`,
  "depthwise with two outputs a channel": `graph g
in x: float32[1, 3, 6, 6]
w: float32[6, 1, 3, 3] = const seed 1
y = Conv(x, w) group=3 kernel_shape=[3, 3] pads=[1, 1, 1, 1]
out y
`,
  "dilated convolution": `graph g
in x: float32[1, 2, 9, 9]
w: float32[3, 2, 3, 3] = const seed 1
y = Conv(x, w) kernel_shape=[3, 3] dilations=[2, 3] pads=[2, 3, 2, 3]
out y
`,
  "window wholly in the padding": `graph g
in x: float32[1, 2, 2, 2]
w: float32[3, 2, 2, 2] = const seed 1
y = Conv(x, w) kernel_shape=[2, 2] pads=[3, 3, 3, 3]
out y
`,
  "SAME_LOWER padding": `graph g
in x: float32[1, 3, 6, 7]
w: float32[5, 3, 4, 2] = const seed 1
y = Conv(x, w) kernel_shape=[4, 2] strides=[2, 2] auto_pad="SAME_LOWER"
out y
`,
  "one-dimensional convolution and pool": `graph g
in x: float32[1, 4, 19]
w: float32[5, 4, 3] = const seed 1
c = Conv(x, w) kernel_shape=[3] strides=[2] pads=[1, 1]
p = MaxPool(c) kernel_shape=[2] strides=[2]
y = Flatten(p)
out y
`,
  "convolution as wide as its input, then a vector": `graph g
in x: float32[1, 3, 4, 5]
w: float32[7, 3, 4, 5] = const seed 1
c = Conv(x, w) kernel_shape=[4, 5]
f = Flatten(c)
m: float32[7, 3] = const seed 2
y = MatMul(f, m)
out y
`,
  "rows through one matrix": `graph g
in x: float32[5, 6]
m: float32[6, 3] = const seed 2
y = MatMul(x, m)
out y
`,
  "difference of two branches": `graph g
in x: float32[1, 3, 5, 5]
w: float32[3, 3, 1, 1] = const seed 1
c = Conv(x, w) kernel_shape=[1, 1]
y = Sub(c, x)
out y
`,
  "constant minus activation": `graph g
in x: float32[1, 3, 4, 4]
k: float32[1, 3, 1, 1] = const seed 5
r = Sigmoid(x)
y = Sub(k, r)
out y
`,
  "product with a channel gate": `graph g
in x: float32[1, 5, 4, 4]
p = GlobalAveragePool(x)
s = Sigmoid(p)
y = Mul(x, s)
out y
`,
  "sum along rows": `graph g
in x: float32[1, 3, 4, 5]
w: float32[1, 3, 1, 5] = const seed 1
c = Conv(x, w) kernel_shape=[1, 5]
y = Add(x, c)
out y
`,
  "global maximum": `graph g
in x: float32[1, 5, 4, 3]
p = GlobalMaxPool(x)
y = Flatten(p)
out y
`,
  "mean over rows and columns without their axes": `graph g
in x: float32[1, 5, 4, 3]
a: int64[2] = const [2, 3]
y = ReduceMean(x, a) keepdims=0
out y
`,
  "mean over channels": `graph g
in x: float32[1, 5, 4, 3]
a: int64[1] = const [1]
y = ReduceMean(x, a) keepdims=1
out y
`,
  "slice with a step, and one from the end": `graph g
in x: float32[1, 6, 8, 8]
s: int64[3] = const [1, -1, 2]
e: int64[3] = const [6, -9, 8]
a: int64[3] = const [1, 2, 3]
t: int64[3] = const [2, -1, 3]
y = Slice(x, s, e, a, t)
out y
`,
  "split and joined the other way round": `graph g
in x: float32[1, 6, 4, 4]
n: int64[2] = const [2, 4]
a, b = Split(x, n) axis=1
y = Concat(b, a) axis=1
out y
`,
  "joined along rows": `graph g
in x: float32[1, 3, 4, 4]
r = Relu(x)
y = Concat(x, r) axis=2
out y
`,
  "padding of channels and rows with a value": `graph g
in x: float32[1, 3, 4, 4]
p: int64[8] = const [0, 1, 2, 0, 0, 0, 1, 3]
v: float32[] = const [0.5]
y = Pad(x, p, v)
out y
`,
  "softmax over channels of a picture": `graph g
in x: float32[1, 4, 3, 3]
y = Softmax(x) axis=1
out y
`,
  "softmax over rows of a picture": `graph g
in x: float32[1, 4, 3, 3]
y = Softmax(x) axis=2
out y
`,
  "a reshape that cuts through axes, then a sum": `graph g
in x: float32[1, 4, 3, 4]
s: int64[3] = const [1, 6, 8]
r = Reshape(x, s)
k: float32[8] = const seed 3
y = Add(r, k)
out y
`,
  "a transposed picture, flattened": `graph g
in x: float32[1, 3, 4, 5]
t = Transpose(x) perm=[0, 2, 3, 1]
f = Flatten(t)
m: float32[60, 3] = const seed 3
y = MatMul(f, m)
out y
`,
  "picture given as rows, columns, channels": `graph g
in x: float32[1, 6, 5, 3]
t = Transpose(x) perm=[0, 3, 1, 2]
w: float32[4, 3, 3, 3] = const seed 1
y = Conv(t, w) kernel_shape=[3, 3]
out y
`,
  "softmax over more classes than a share resolves": `graph g
in x: float32[2, 700]
c: float32[700] = const seed 4 [0, 0.001]
y0 = Mul(x, c)
y = Softmax(y0) axis=1
out y
`,
  "rectifier with a slope for each channel": `graph g
in x: float32[1, 5, 4, 4]
k: float32[5, 1, 1] = const seed 6 [-0.2, 0.4]
y = PRelu(x, k)
out y
`,
  "limits well inside the range of the output": `graph g
in x: float32[1, 3, 5, 5]
w: float32[4, 3, 3, 3] = const seed 1
low: float32[] = const [-0.1]
high: float32[] = const [0.1]
c = Conv(x, w) kernel_shape=[3, 3] pads=[1, 1, 1, 1]
y = Clip(c, low, high)
out y
`,
};
