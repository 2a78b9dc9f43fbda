export { onnxAdapter } from "./adapter.ts";
export { type Tolerance, allowedDifferences, toleranceOf } from "./tolerance.ts";
