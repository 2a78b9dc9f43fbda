export { decodeTensorFile } from "./decode.ts";
export type { ExternalData, ExternalRange } from "./external.ts";
export { type ReadOnnxOptions, readOnnx } from "./read.ts";
export { type StoredTensor, storedTensor } from "./tensor.ts";
export { type WriteOnnxOptions, type WrittenOnnx, writeOnnx } from "./write.ts";
