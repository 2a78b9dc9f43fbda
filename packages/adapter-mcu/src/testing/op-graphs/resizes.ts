/** Resizes of pictures and vectors. */
export const resizeGraphs: Readonly<Record<string, string>> = {
  "nearest, twice the size": `graph g
in x: float32[1, 3, 4, 5]
s: int64[4] = const [1, 3, 8, 10]
y = Resize(x, _, _, s) coordinate_transformation_mode="asymmetric" nearest_mode="floor"
out y
`,
  "nearest by corners, odd sizes": `graph g
in x: float32[1, 2, 5, 7]
s: int64[4] = const [1, 2, 9, 4]
y = Resize(x, _, _, s) coordinate_transformation_mode="align_corners" nearest_mode="round_prefer_ceil"
out y
`,
  "nearest by half pixels, up and down": `graph g
in x: float32[1, 2, 5, 7]
s: int64[4] = const [1, 2, 3, 11]
y = Resize(x, _, _, s) coordinate_transformation_mode="half_pixel" nearest_mode="round_prefer_ceil"
out y
`,
  "nearest as ONNX defaults": `graph g
in x: float32[1, 2, 5, 7]
s: int64[4] = const [1, 2, 8, 3]
y = Resize(x, _, _, s)
out y
`,
  "bilinear by half pixels, up": `graph g
in x: float32[1, 3, 4, 5]
s: int64[4] = const [1, 3, 8, 11]
y = Resize(x, _, _, s) mode="linear"
out y
`,
  "bilinear by half pixels, down, of a sum": `graph g
in x: float32[1, 3, 9, 8]
r = Relu(x)
a = Add(x, r)
s: int64[4] = const [1, 3, 4, 3]
y = Resize(a, _, _, s) mode="linear"
out y
`,
  "bilinear by corners": `graph g
in x: float32[1, 2, 3, 4]
s: int64[4] = const [1, 2, 7, 9]
y = Resize(x, _, _, s) mode="linear" coordinate_transformation_mode="align_corners"
out y
`,
  "bilinear from the first element, to one row": `graph g
in x: float32[1, 2, 6, 5]
s: int64[4] = const [1, 2, 1, 13]
y = Resize(x, _, _, s) mode="linear" coordinate_transformation_mode="asymmetric"
out y
`,
  "bilinear along a vector, by scales": `graph g
in x: float32[1, 3, 7]
s: float32[3] = const [1, 1, 2]
y = Resize(x, _, s) mode="linear" coordinate_transformation_mode="pytorch_half_pixel"
out y
`,
};
