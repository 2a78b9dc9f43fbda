/** Ops that move stored numbers. */
export const moveGraphs: Readonly<Record<string, string>> = {
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
  "padding with the real zero, and cutting": `graph g
in x: float32[1, 3, 5, 4]
p: int64[4] = const [2, -1, 1, 3]
a: int64[2] = const [2, 3]
y = Pad(x, p, _, a)
out y
`,
  "mirrored borders": `graph g
in x: float32[1, 3, 4, 5]
p: int64[8] = const [0, 0, 3, 2, 0, 0, 1, 4]
y = Pad(x, p) mode="reflect"
out y
`,
  "borders that repeat the edge": `graph g
in x: float32[1, 3, 2, 4]
p: int64[8] = const [0, 1, 2, 0, 0, 0, 3, 1]
y = Pad(x, p) mode="edge"
out y
`,
  "borders from the other side": `graph g
in x: float32[1, 2, 3, 4]
p: int64[8] = const [0, 0, 2, 1, 0, 0, 1, 3]
y = Pad(x, p) mode="wrap"
out y
`,
  "joined parts of different scales": `graph g
in x: float32[1, 3, 4, 4]
s = Sigmoid(x)
w: float32[2, 3, 1, 1] = const seed 1
c = Conv(x, w) kernel_shape=[1, 1]
y = Concat(s, c, x) axis=1
out y
`,
  "transposed every way": `graph g
in x: float32[1, 3, 4, 5]
r = Relu(x)
t = Transpose(r) perm=[2, 0, 3, 1]
s: int64[2] = const [10, 6]
f = Reshape(t, s)
k: float32[10, 6] = const seed 3
a = Add(f, k)
y = Transpose(a) perm=[1, 0]
out y
`,
  "a reshape whose cuts do not nest with those of the picture, then a mean": `graph g
in x: float32[2, 2, 3, 3]
r = Relu(x)
s: int64[3] = const [6, 2, 3]
f = Reshape(r, s)
a: int64[1] = const [1]
m = ReduceMean(f, a) keepdims=1
y = Sub(f, m)
out y
`,
  "an order that takes more loops than the copy has": `graph g
in x: float32[1, 96]
r = Relu(x)
s: int64[6] = const [2, 2, 2, 3, 2, 2]
f = Reshape(r, s)
t = Transpose(f) perm=[5, 4, 3, 2, 1, 0]
k: float32[96] = const seed 3
v: int64[1] = const [96]
w = Reshape(t, v)
y = Add(w, k)
out y
`,
};
