/** Element-wise ops of two operands. */
export const pairGraphs: Readonly<Record<string, string>> = {
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
  "rectifier with a slope for each channel": `graph g
in x: float32[1, 5, 4, 4]
k: float32[5, 1, 1] = const seed 6 [-0.2, 0.4]
y = PRelu(x, k)
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
  "smaller of two branches": `graph g
in x: float32[1, 3, 5, 4]
w: float32[3, 3, 1, 1] = const seed 1
c = Conv(x, w) kernel_shape=[1, 1]
y = Min(c, x)
out y
`,
  "larger of an activation and a limit for each channel": `graph g
in x: float32[1, 5, 3, 4]
k: float32[5, 1, 1] = const seed 4
r = Relu(x)
y = Max(k, r)
out y
`,
  "smaller of a picture and a row of it": `graph g
in x: float32[1, 3, 4, 5]
w: float32[3, 3, 4, 1] = const seed 1
c = Conv(x, w) kernel_shape=[4, 1]
y = Min(x, c)
out y
`,
  "difference of a row and a picture": `graph g
in x: float32[1, 3, 4, 5]
w: float32[3, 3, 4, 1] = const seed 1
c = Conv(x, w) kernel_shape=[4, 1]
y = Sub(c, x)
out y
`,
  "product of two stretched operands": `graph g
in x: float32[1, 3, 4, 5]
a: int64[1] = const [2]
m = ReduceMean(x, a) keepdims=1
b: int64[1] = const [1]
n = ReduceMean(x, b) keepdims=1
y = Mul(m, n)
out y
`,
  "difference of a constant and an activation, both stretched": `graph g
in x: float32[1, 3, 1, 5]
k: float32[4, 1] = const seed 3
r = Relu(x)
y = Sub(k, r)
out y
`,
  "sum of a picture and a value for each row": `graph g
in x: float32[1, 3, 4, 5]
a: int64[2] = const [1, 3]
m = ReduceMean(x, a) keepdims=0
s: int64[3] = const [1, 4, 1]
r = Reshape(m, s)
y = Add(x, r)
out y
`,
};
