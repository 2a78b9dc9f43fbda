import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type DType, type Tensor, type TensorData, invariant } from "../../packages/graph/src/index.ts";

const folder = join(import.meta.dirname, ".venv/node_modules/@tensorflow/tfjs-tflite/wasm");

export const tfjsPresent: boolean = existsSync(folder);

/** What the package's WebAssembly module binds; the package's own wrapper is for browsers. */
interface WasmTensor {
  readonly dataType: DType;
  /** Dims with commas. */
  readonly shape: string;
  data(): TensorData & { set(numbers: ArrayLike<number | bigint>): void };
}

interface WasmList {
  size(): number;
  get(index: number): WasmTensor;
  delete(): void;
}

interface WasmRunner {
  GetInputs(): WasmList;
  GetOutputs(): WasmList;
  Infer(): boolean;
  delete(): void;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  readonly TFLiteWebModelRunner: {
    CreateFromBufferAndOptions(at: number, bytes: number, options: object): { ok(): boolean; errorMessage(): string; value(): WasmRunner };
  };
}

export interface TfjsModel {
  run(inputs: readonly Tensor[]): readonly Tensor[];
  close(): void;
}

/** TensorFlow Lite as tfjs-tflite 0.0.1-alpha.10 builds it for browsers: WebAssembly, XNNPACK, one thread, in Node. */
export async function loadTfjs(): Promise<(model: Uint8Array) => TfjsModel> {
  const factory = createRequire(import.meta.url)(join(folder, "tflite_web_api_cc_simd.js")) as (options: object) => Promise<WasmModule>;
  const module = await factory({ wasmBinary: readFileSync(join(folder, "tflite_web_api_cc_simd.wasm")), print: () => null, printErr: () => null });
  return (model) => open(module, model);
}

function open(module: WasmModule, model: Uint8Array): TfjsModel {
  const at = module._malloc(model.length);
  module.HEAPU8.set(model, at);
  const made = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(at, model.length, { numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 1 });
  if (!made.ok()) throw new Error(`tfjs-tflite refuses the file: ${made.errorMessage()}`);
  const runner = made.value();
  return {
    run(inputs) {
      each(runner.GetInputs(), (port, i) => {
        const tensor = inputs[i];
        invariant(tensor !== undefined && tensor.dtype === port.dataType, `input ${i} is ${port.dataType}`);
        port.data().set(tensor.data as ArrayLike<number>);
      });
      if (!runner.Infer()) throw new Error("tfjs-tflite failed to run the file");
      return each(runner.GetOutputs(), (port) => ({ dtype: port.dataType, shape: port.shape.split(",").map(Number), data: port.data().slice() }));
    },
    close() {
      runner.delete();
      module._free(at);
    },
  };
}

function each<T>(list: WasmList, visit: (tensor: WasmTensor, index: number) => T): readonly T[] {
  const visited = Array.from({ length: list.size() }, (_, i) => visit(list.get(i), i));
  list.delete();
  return visited;
}
