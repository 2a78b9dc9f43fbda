export { onnxAdapter } from "./adapter.ts";
export { toleranceOf } from "./tolerance.ts";
