/** Matrix products, means and softmax. */
export const rowGraphs: Readonly<Record<string, string>> = {
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
  "softmax over more classes than a share resolves": `graph g
in x: float32[2, 700]
c: float32[700] = const seed 4 [0, 0.001]
y0 = Mul(x, c)
y = Softmax(y0) axis=1
out y
`,
  "mean over axes that are no neighbours": `graph g
in x: float32[1, 5, 4, 3]
a: int64[2] = const [1, -1]
y = ReduceMean(x, a) keepdims=0
out y
`,
  "mean over everything": `graph g
in x: float32[1, 5, 4, 3]
y = ReduceMean(x) keepdims=1
out y
`,
  "mean over rows, then their columns": `graph g
in x: float32[1, 5, 4, 3]
a: int64[1] = const [2]
m = ReduceMean(x, a) keepdims=1
b: int64[1] = const [3]
y = ReduceMean(m, b) keepdims=0
out y
`,
};
