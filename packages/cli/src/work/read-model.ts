import { readOnnx } from "@edgewise/formats/onnx";
import { readTflite } from "@edgewise/formats/tflite";
import type { Graph, Result } from "@edgewise/graph";

/** File names that a plan may list as models. */
export const modelExtensions: readonly string[] = [".onnx", ".tflite"];

/** File identifier of a LiteRT (TensorFlow Lite) flatbuffer, in its bytes 4 to 7. */
const TFLITE_IDENTIFIER = "TFL3";

/** A model by what its bytes say it is; a damaged .tflite file goes by its name, so that its own reader names the damage. */
export function readModel(bytes: Uint8Array, file: string): Result<Graph> {
  const identifier = String.fromCharCode(...bytes.subarray(4, 8));
  return identifier === TFLITE_IDENTIFIER || file.endsWith(".tflite") ? readTflite(bytes, { file }) : readOnnx(bytes, { file });
}
