import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DType, type Tensor, allocate, elementCount, invariant } from "../../packages/graph/src/index.ts";

/** LiteRT's reference, XNNPACK where that takes the operator, or the reference of TensorFlow Lite Micro. */
export type Kernels = "reference" | "xnnpack" | "micro";

export interface JudgePort {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
}

/** A file open on LiteRT. */
export interface JudgeModel {
  readonly inputs: readonly JudgePort[];
  readonly outputs: readonly JudgePort[];
  run(inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  close(): Promise<void>;
}

export interface JudgedOperator {
  readonly op: string;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Readonly<Record<string, unknown>> | null;
}

/** What the official object API reads. */
export interface JudgedObjects {
  /** Equal after packing and reading again. */
  readonly same: boolean;
  readonly identifier: string;
  readonly schemaVersion: number;
  /** Both fields of each operator code say the same, as far as the older one can. */
  readonly oldCodesAgree: boolean;
  readonly operators: readonly JudgedOperator[];
  readonly tensors: readonly { readonly name: string; readonly type: string; readonly shape: readonly number[] }[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly metadata: readonly string[];
  /** Texts that lie in the archive behind the model, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The official Python packages in a process of their own. */
export interface Judge {
  /** Errors: throws JudgeError with LiteRT's own words when it refuses the file. */
  open(model: Uint8Array, options: { readonly kernels: Kernels; readonly threads?: number }): Promise<JudgeModel>;
  objects(model: Uint8Array): Promise<JudgedObjects>;
  gpu(model: Uint8Array): Promise<{ readonly compatible: boolean; readonly warnings: readonly string[] }>;
  /** Subgraphs that LiteRT hands to XNNPACK. */
  partitions(model: Uint8Array): Promise<number>;
  versions(): Promise<{ readonly litert: string; readonly micro: string }>;
  close(): void;
}

export class JudgeError extends Error {
  override readonly name = "JudgeError";
}

/** Python with the packages of requirements.txt: EDGEWISE_LITERT_PYTHON, or what setup.sh made. */
export const judgePython: string = process.env["EDGEWISE_LITERT_PYTHON"] ?? join(import.meta.dirname, ".venv/bin/python");

export const judgePresent: boolean = existsSync(judgePython);

interface Answer {
  readonly head: Readonly<Record<string, unknown>>;
  readonly blobs: readonly Uint8Array[];
}

export function startJudge(): Judge {
  const process = spawn(judgePython, [join(import.meta.dirname, "judge.py")], { stdio: ["pipe", "pipe", "pipe"] });
  const ask = asker(process);
  return {
    async open(model, { kernels, threads = 1 }) {
      const { head } = await ask({ do: "open", kernels, threads }, [model]);
      return judgeModel(ask, head as unknown as Opened);
    },
    objects: async (model) => (await ask({ do: "objects" }, [model])).head as unknown as JudgedObjects,
    gpu: async (model) => (await ask({ do: "gpu" }, [model])).head as unknown as Awaited<ReturnType<Judge["gpu"]>>,
    partitions: async (model) => ((await ask({ do: "placement" }, [model])).head as unknown as { readonly partitions: number }).partitions,
    versions: async () => (await ask({ do: "version" }, [])).head as unknown as Awaited<ReturnType<Judge["versions"]>>,
    close: () => process.stdin.end(),
  };
}

type Ask = (head: Readonly<Record<string, unknown>>, blobs: readonly Uint8Array[]) => Promise<Answer>;

interface Opened {
  readonly handle: number;
  readonly inputs: readonly JudgePort[];
  readonly outputs: readonly JudgePort[];
}

function judgeModel(ask: Ask, { handle, inputs, outputs }: Opened): JudgeModel {
  return {
    inputs, outputs,
    async run(tensors) {
      for (const [i, { data }] of tensors.entries()) {
        const port = inputs[i];
        invariant(port !== undefined && data.length === elementCount(port.shape), `input ${i} of ${data.length} numbers for [${port?.shape.join(", ")}]`);
      }
      const { blobs } = await ask({ do: "run", handle }, tensors.map(bytesOf));
      return outputs.map(({ dtype, shape }, i) => tensorOf(dtype, shape, blobs[i]));
    },
    close: async () => void await ask({ do: "close", handle }, []),
  };
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function tensorOf(dtype: DType, shape: readonly number[], blob: Uint8Array | undefined): Tensor {
  const data = allocate(dtype, elementCount(shape));
  invariant(blob?.length === data.byteLength, "an answer of the port's size");
  new Uint8Array(data.buffer).set(blob);
  return { dtype, shape, data };
}

/** One request after another over the process' pipes. */
function asker(process: ChildProcessWithoutNullStreams): Ask {
  const chunks = process.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest = Buffer.alloc(0);
  let said = "";
  process.stderr.on("data", (text: Buffer) => (said = `${said}${text.toString("utf8")}`.slice(-4000)));
  const more = async (): Promise<void> => {
    const { done, value } = await chunks.next();
    if (done) throw new JudgeError(`the judge ended: ${said}`);
    rest = Buffer.concat([rest, value]);
  };
  const take = async (count: number): Promise<Buffer> => {
    while (rest.length < count) await more();
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  };
  const line = async (): Promise<string> => {
    while (!rest.includes(10)) await more();
    const text = (await take(rest.indexOf(10))).toString("utf8");
    await take(1);
    return text;
  };
  const once: Ask = async (head, blobs) => {
    process.stdin.write(`${JSON.stringify({ ...head, sizes: blobs.map(({ length }) => length) })}\n`);
    for (const blob of blobs) process.stdin.write(blob);
    const answer = JSON.parse(await line()) as Readonly<Record<string, unknown>>;
    const found: Uint8Array[] = [];
    for (const size of answer["sizes"] as readonly number[]) found.push(Uint8Array.from(await take(size)));
    if (typeof answer["error"] === "string") throw new JudgeError(answer["error"]);
    return { head: answer, blobs: found };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (head, blobs) => {
    const next = last.then(() => once(head, blobs));
    last = next.catch(() => null);
    return next;
  };
}
