/** What @litertjs/core's WebAssembly module offers, as far as it is used here. Objects of its classes are freed with `delete`. */
export interface LitertWasm {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  setupLogging(): void;
  readonly LiteRtEnvironment: { create(gpu: null): Handle };
  readonly VectorInt32: new () => WasmVector<number>;
  readonly LiteRtLayout: { create(dims: WasmVector<number>): WasmLayout };
  readonly LiteRtRankedTensorType: { create(elementType: { readonly value: number }, layout: WasmLayout): WasmTensorType };
  readonly LiteRtTensorBufferType: { readonly HOST_MEMORY: unknown };
  readonly LiteRtTensorBufferLockMode: { readonly READ: unknown; readonly WRITE: unknown };
  readonly LiteRtTensorBuffer: { createManaged(environment: Handle, kind: unknown, type: WasmTensorType, bytes: number): WasmBuffer };
  loadModel(environment: Handle, address: number, bytes: number): WasmModel;
  compileModel(environment: Handle, model: WasmModel, options: WasmCompileOptions): Promise<WasmCompiled>;
}

export interface Handle {
  delete(): void;
}

export interface WasmCompileOptions {
  readonly accelerator: "wasm";
  readonly environment: { readonly liteRtEnvironment: Handle };
  readonly cpuOptions: { readonly numThreads: number };
}

interface WasmVector<T> extends Handle {
  size(): number;
  get(index: number): T;
  push_back(element: T): void;
}

interface WasmLayout extends Handle {
  dimensions(): WasmVector<number>;
}

export interface WasmTensorType extends Handle {
  elementType(): { readonly value: number };
  layout(): WasmLayout;
  bytes(): number;
}

interface WasmSignature extends Handle {
  inputNames(): WasmVector<string>;
  outputNames(): WasmVector<string>;
}

export interface WasmModel extends Handle {
  getSignature(index: number): WasmSignature;
  getInputTensorType(signature: number, index: number): WasmTensorType;
  getOutputTensorType(signature: number, index: number): WasmTensorType;
}

export interface WasmCompiled extends Handle {
  /** At once on the CPU, later elsewhere. */
  run(signature: number, inputs: readonly WasmBuffer[]): readonly WasmBuffer[] | Promise<readonly WasmBuffer[]>;
}

export interface WasmBuffer extends Handle {
  /** Address of the contents, until `unlock`. */
  lock(mode: unknown): number;
  unlock(): void;
  tensorType(): WasmTensorType;
}

/** A vector's elements; the vector is freed. */
export function elementsOf<T>(vector: WasmVector<T>): readonly T[] {
  const elements = Array.from({ length: vector.size() }, (_, i) => vector.get(i));
  vector.delete();
  return elements;
}
