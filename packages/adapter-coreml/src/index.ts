export { coremlAdapter } from "./adapter.ts";
export { MODEL_FOLDER } from "./model-folder.ts";
export { isCoremlPrecision } from "./runtime.ts";
export { toleranceOf } from "./tolerance.ts";
