/** Convolutions and pools. */
export const windowGraphs: Readonly<Record<string, string>> = {
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
  "depthwise 3x3 of 5 channels, 3x4, stride 1, pads 1 1 1 1": `graph g
in x: float32[1, 5, 3, 4]
w: float32[5, 1, 3, 3] = const seed 3
b: float32[5] = const seed 4
y = Conv(x, w, b) group=5 kernel_shape=[3, 3] strides=[1, 1] pads=[1, 1, 1, 1]
out y
`,
  "depthwise 3x3 of 6 channels, 9x5, stride 1, pads 1 1 1 1": `graph g
in x: float32[1, 6, 9, 5]
w: float32[6, 1, 3, 3] = const seed 3
b: float32[6] = const seed 4
y = Conv(x, w, b) group=6 kernel_shape=[3, 3] strides=[1, 1] pads=[1, 1, 1, 1]
out y
`,
  "depthwise 3x3 of 3 channels, 8x21, stride 1, pads 1 1 1 1": `graph g
in x: float32[1, 3, 8, 21]
w: float32[3, 1, 3, 3] = const seed 3
b: float32[3] = const seed 4
y = Conv(x, w, b) group=3 kernel_shape=[3, 3] strides=[1, 1] pads=[1, 1, 1, 1]
out y
`,
  "depthwise 3x3 of 4 channels, 11x19, stride 2, pads 0 0 1 1": `graph g
in x: float32[1, 4, 11, 19]
w: float32[4, 1, 3, 3] = const seed 3
b: float32[4] = const seed 4
y = Conv(x, w, b) group=4 kernel_shape=[3, 3] strides=[2, 2] pads=[0, 0, 1, 1]
out y
`,
  "depthwise 3x3 of 9 channels, 7x6, stride 2, pads 1 1 1 1": `graph g
in x: float32[1, 9, 7, 6]
w: float32[9, 1, 3, 3] = const seed 3
b: float32[9] = const seed 4
y = Conv(x, w, b) group=9 kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]
out y
`,
  "depthwise 3x3 of 8 channels, 5x3, stride 1, pads 0 0 0 0": `graph g
in x: float32[1, 8, 5, 3]
w: float32[8, 1, 3, 3] = const seed 3
b: float32[8] = const seed 4
y = Conv(x, w, b) group=8 kernel_shape=[3, 3] strides=[1, 1] pads=[0, 0, 0, 0]
out y
`,
  "depthwise 3x3 of 4 channels, 4x4, stride 1, pads 2 2 2 2": `graph g
in x: float32[1, 4, 4, 4]
w: float32[4, 1, 3, 3] = const seed 3
b: float32[4] = const seed 4
y = Conv(x, w, b) group=4 kernel_shape=[3, 3] strides=[1, 1] pads=[2, 2, 2, 2]
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
  "global maximum": `graph g
in x: float32[1, 5, 4, 3]
p = GlobalMaxPool(x)
y = Flatten(p)
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
  "transposed convolution with odd padding and bias": `graph g
in x: float32[1, 3, 4, 5]
w: float32[3, 4, 3, 2] = const seed 1
b: float32[4] = const seed 2
y = ConvTranspose(x, w, b) kernel_shape=[3, 2] strides=[2, 3] pads=[1, 0, 2, 1] output_padding=[1, 0]
out y
`,
  "transposed convolution that doubles a picture, with limits": `graph g
in x: float32[1, 5, 3, 3]
w: float32[5, 2, 4, 4] = const seed 1
y = ConvTranspose(x, w) kernel_shape=[4, 4] strides=[2, 2] auto_pad="SAME_UPPER" clampMin=0 clampMax=0.5
out y
`,
  "transposed convolution whose stride leaves gaps, dilated": `graph g
in x: float32[1, 2, 4, 3]
w: float32[2, 3, 2, 3] = const seed 1
b: float32[3] = const seed 2
y = ConvTranspose(x, w, b) kernel_shape=[2, 3] strides=[4, 2] dilations=[2, 3] pads=[0, 2, 1, 1]
out y
`,
  "transposed convolution of a vector, cut at the start": `graph g
in x: float32[1, 4, 7]
w: float32[4, 3, 5] = const seed 1
y = ConvTranspose(x, w) kernel_shape=[5] strides=[2] pads=[6, 0]
out y
`,
  "transposed convolution that shrinks its channels in place": `graph g
in x: float32[1, 9, 6, 6]
w: float32[9, 1, 1, 1] = const seed 1
r = Relu(x)
y = ConvTranspose(r, w) kernel_shape=[1, 1]
out y
`,
  "dilated depthwise with odd padding and strides": `graph g
in x: float32[1, 5, 9, 8]
w: float32[5, 1, 3, 2] = const seed 1
b: float32[5] = const seed 2
y = Conv(x, w, b) group=5 kernel_shape=[3, 2] dilations=[3, 2] strides=[2, 1] pads=[4, 1, 2, 3]
out y
`,
  "dilated depthwise with SAME padding and two outputs a channel": `graph g
in x: float32[1, 2, 7, 6]
w: float32[4, 1, 2, 3] = const seed 1
y = Conv(x, w) group=2 kernel_shape=[2, 3] dilations=[2, 2] auto_pad="SAME_UPPER"
out y
`,
  "rows dilated, with odd padding": `graph g
in x: float32[1, 3, 8, 5]
w: float32[4, 3, 3, 2] = const seed 1
b: float32[4] = const seed 2
y = Conv(x, w, b) kernel_shape=[3, 2] dilations=[3, 1] strides=[1, 2] pads=[5, 1, 0, 2]
out y
`,
  "grouped and dilated, one kernel column wide": `graph g
in x: float32[1, 4, 8, 5]
w: float32[6, 2, 3, 1] = const seed 1
y = Conv(x, w) group=2 kernel_shape=[3, 1] dilations=[2, 4] pads=[1, 0, 2, 0]
out y
`,
};
