export { type ReadTfliteOptions, readTflite, tfliteValueIds } from "./read.ts";
