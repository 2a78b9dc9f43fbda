import { type DType, type Tensor, allocate, elementCount, invariant } from "@edgewise/graph";
import { type LitertRuntime, loadLitert } from "./runtime.ts";
import { type WasmBuffer, type WasmModel, type WasmTensorType, elementsOf } from "./wasm.ts";

/** Element types by LiteRT's number. Source: ElementType in dist/index.js of @litertjs/core 2.5.3. */
const elementTypes: Readonly<Record<number, DType>> = { 1: "float32", 2: "int32", 3: "uint8", 4: "int64", 7: "int16", 9: "int8" };

/** An input or output, in the order of the file's first signature. */
export interface LitertPort {
  readonly name: string;
  readonly dtype: DType;
  /** -1 where the file leaves a dim open: the shape of what is fed stands for it. */
  readonly shape: readonly number[];
}

/** An open TensorFlow Lite model. One run at a time; close it to give its memory back. */
export interface LitertModel {
  readonly inputs: readonly LitertPort[];
  readonly outputs: readonly LitertPort[];
  /** Tensors in the order of `inputs`, stored integers as they are; answers in the order of `outputs`. */
  run(inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  close(): void;
}

/** LiteRT refused a model or a run of it; the message holds its own words. */
export class LitertError extends Error {
  constructor(what: string, words: readonly string[]) {
    super([`LiteRT ${what}`, ...words].join("\n"));
    this.name = "LitertError";
  }
}

/** Opens a TensorFlow Lite file on LiteRT's CPU path (XNNPACK), one thread. Rejects with `LitertError` when LiteRT refuses it. */
export async function openLitert(bytes: Uint8Array, loaded?: LitertRuntime): Promise<LitertModel> {
  const runtime = loaded ?? await loadLitert();
  const { wasm, environment } = runtime;
  const address = wasm._malloc(bytes.length);
  wasm.HEAPU8.set(bytes, address);
  const freed: (() => void)[] = [() => wasm._free(address)];
  const close = (): void => {
    for (const free of freed.splice(0).reverse()) free();
  };
  try {
    const model = attempt(runtime, "does not read the file", () => wasm.loadModel(environment, address, bytes.length));
    freed.push(() => model.delete());
    const compiled = await attempt(runtime, "does not compile the model", () => wasm.compileModel(environment, model, { accelerator: "wasm", environment: { liteRtEnvironment: environment }, cpuOptions: { numThreads: 1 } }));
    freed.push(() => compiled.delete());
    const ports = portsOf(model);
    const run = async (inputs: readonly Tensor[]): Promise<readonly Tensor[]> => {
      invariant(freed.length > 0, "the model is open");
      invariant(inputs.length === ports.inputs.length, `${ports.inputs.length} inputs`);
      return attempt(runtime, "does not run the model", async () => {
        const given = inputs.map((tensor, i) => bufferOf(runtime, model.getInputTensorType(0, i), tensor));
        try {
          const answers = await compiled.run(0, given);
          return answers.map((buffer, i) => tensorOf(runtime, buffer, ports.outputs[i]));
        } finally {
          for (const buffer of given) buffer.delete();
        }
      });
    };
    return { ...ports, run, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Runs a step of LiteRT. It throws what it likes, or throws nothing and writes an error: both become a `LitertError`. */
function attempt<T>(runtime: LitertRuntime, what: string, step: () => T): T {
  runtime.takeErrors();
  const refused = (cause: unknown): LitertError => new LitertError(what, [...runtime.takeErrors(), ...(cause instanceof Error ? [cause.message] : [])]);
  const settled = (value: unknown): unknown => {
    const errors = runtime.takeErrors();
    if (errors.length > 0) throw new LitertError(what, errors);
    return value;
  };
  try {
    const value = step();
    // A promise is judged when it is settled; T is that promise's type then.
    if (value instanceof Promise) return value.then(settled, (cause: unknown) => Promise.reject(refused(cause))) as T;
    settled(value);
    return value;
  } catch (cause) {
    throw cause instanceof LitertError ? cause : refused(cause);
  }
}

function portsOf(model: WasmModel): { readonly inputs: readonly LitertPort[]; readonly outputs: readonly LitertPort[] } {
  const signature = model.getSignature(0);
  const inputs = elementsOf(signature.inputNames()).map((name, i) => portOf(name, model.getInputTensorType(0, i)));
  const outputs = elementsOf(signature.outputNames()).map((name, i) => portOf(name, model.getOutputTensorType(0, i)));
  signature.delete();
  return { inputs, outputs };
}

function portOf(name: string, type: WasmTensorType): LitertPort {
  const { value } = type.elementType();
  const dtype = elementTypes[value];
  const shape = shapeOf(type);
  if (dtype === undefined) throw new LitertError(`gives ${name} element type ${value}, which is not read here`, []);
  return { name, dtype, shape };
}

/** Dims of a type, which is freed. */
function shapeOf(type: WasmTensorType): readonly number[] {
  const layout = type.layout();
  const shape = elementsOf(layout.dimensions());
  layout.delete();
  type.delete();
  return shape;
}

/** The type is the tensor's own: a file may leave dims open, and LiteRT knows no size of such a type. */
function bufferOf({ wasm, environment }: LitertRuntime, open: WasmTensorType, { shape, data }: Tensor): WasmBuffer {
  const dims = new wasm.VectorInt32();
  for (const dim of shape) dims.push_back(dim);
  const layout = wasm.LiteRtLayout.create(dims);
  const type = wasm.LiteRtRankedTensorType.create(open.elementType(), layout);
  for (const handle of [dims, layout, open]) handle.delete();
  const bytes = type.bytes();
  invariant(bytes === data.byteLength, `an input of ${bytes} bytes`);
  const buffer = wasm.LiteRtTensorBuffer.createManaged(environment, wasm.LiteRtTensorBufferType.HOST_MEMORY, type, bytes);
  type.delete();
  wasm.HEAPU8.set(new Uint8Array(data.buffer, data.byteOffset, bytes), buffer.lock(wasm.LiteRtTensorBufferLockMode.WRITE));
  buffer.unlock();
  return buffer;
}

function tensorOf({ wasm }: LitertRuntime, buffer: WasmBuffer, port: LitertPort | undefined): Tensor {
  invariant(port !== undefined, "an answer for each output");
  const shape = shapeOf(buffer.tensorType());
  const data = allocate(port.dtype, elementCount(shape));
  const from = buffer.lock(wasm.LiteRtTensorBufferLockMode.READ);
  new Uint8Array(data.buffer).set(wasm.HEAPU8.subarray(from, from + data.byteLength));
  buffer.unlock();
  buffer.delete();
  return { dtype: port.dtype, shape, data };
}
