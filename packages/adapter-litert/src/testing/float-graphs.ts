/** One op each, in float; several where an op becomes several operators. */
export const floatGraphs: Readonly<Record<string, string>> = {
  "Conv without a bias": `in x: float32[1, 3, 9, 8]
w: float32[5, 3, 3, 3] = const seed 1
y = Conv(x, w) kernel_shape=[3, 3] pads=[1, 1, 1, 1]`,
  "Div": `in x: float32[1, 4, 6, 6]
k: float32[1, 4, 1, 1] = const seed 1 [1, 3]
y = Div(x, k)`,
  "Clip to -1 and 1": `in x: float32[1, 4, 6, 6]
low: float32[] = const [-1]
high: float32[] = const [1]
y = Clip(x, low, high)`,
  "Clip to 0 and 6": `in x: float32[1, 4, 6, 6]
low: float32[] = const [0]
high: float32[] = const [6]
y = Clip(x, low, high)`,
  "HardSigmoid": `in x: float32[1, 4, 6, 6]
y = HardSigmoid(x)`,
  "LogSoftmax": `in x: float32[6, 10]
y = LogSoftmax(x) axis=1`,
  "MatMul of two": `in x: float32[2, 5, 6]
in z: float32[2, 6, 4]
y = MatMul(x, z)`,
  "Split": `in x: float32[1, 6, 4, 4]
a, b = Split(x) axis=1 num_outputs=2
y = Add(a, b)`,
  "Split unevenly": `in x: float32[1, 6, 4]
parts: int64[2] = const [2, 4]
a, b = Split(x, parts) axis=1
c: float32[1, 2, 4] = const seed 1
d = Add(a, c)
y = Concat(d, b) axis=1`,
  "Slice by twos": `in x: float32[1, 4, 9]
starts: int64[1] = const [1]
ends: int64[1] = const [8]
axes: int64[1] = const [2]
steps: int64[1] = const [2]
y = Slice(x, starts, ends, axes, steps)`,
  "Pad with a value": `in x: float32[1, 3, 5, 5]
pads: int64[8] = const [0, 0, 1, 2, 0, 0, 2, 1]
v: float32[] = const [1.5]
y = Pad(x, pads, v)`,
  "Pad by reflection": `in x: float32[1, 3, 5, 5]
pads: int64[8] = const [0, 0, 1, 2, 0, 0, 2, 1]
y = Pad(x, pads) mode="reflect"`,
  "BatchNormalization": `in x: float32[1, 3, 5, 5]
s: float32[3] = const seed 1 [0.5, 2]
b: float32[3] = const seed 2
m: float32[3] = const seed 3
v: float32[3] = const seed 4 [0.5, 2]
y = BatchNormalization(x, s, b, m, v)`,
  "Cast": `in x: int32[1, 8]
y = Cast(x) to="float32"`,
};
