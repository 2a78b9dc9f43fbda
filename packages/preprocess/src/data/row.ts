import { type Diagnostic, type Result, type Tensor, elementCount, fail, ok } from "@edgewise/graph";
import type { TensorInput } from "@edgewise/planner/schema";

export interface RowTask {
  readonly contract: TensorInput;
  /** The model's input, batch first: [1, …]. */
  readonly shape: readonly number[];
  /** Name for diagnostics. */
  readonly file: string;
}

/**
 * One sample's numbers → the model's input.
 *
 *   real = float32(value · scale + offset); one scale for all, or one per index of the first axis after the batch
 *
 * Errors: ROW_LENGTH (another number of values than the model takes), ROW_NUMBER (not finite), ROW_SCALES.
 */
export function rowToTensor(values: ArrayLike<number>, { contract, shape, file }: RowTask): Result<Tensor> {
  const elements = elementCount(shape);
  if (values.length !== elements) return fail(rowError(file, { code: "ROW_LENGTH", summary: "A sample has the wrong number of values", found: String(values.length), expected: `${elements} for [${shape.join(", ")}]` }));
  const channels = shape[1] ?? 1;
  for (const factors of [contract.scale, contract.offset]) {
    if (factors.length !== 1 && factors.length !== channels) return fail(rowError(file, { code: "ROW_SCALES", summary: "scale and offset do not match the model's input", found: `${factors.length} numbers`, expected: `1 or ${channels}` }));
  }
  const block = Math.max(1, elements / channels);
  const data = new Float32Array(elements);
  for (let i = 0; i < elements; i++) {
    const c = Math.floor(i / block);
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) return fail(rowError(file, { code: "ROW_NUMBER", summary: "A sample holds something that is not a finite number", found: `${value} at ${i}` }));
    data[i] = value * (contract.scale[contract.scale.length === 1 ? 0 : c] ?? 1) + (contract.offset[contract.offset.length === 1 ? 0 : c] ?? 0);
  }
  return ok({ dtype: "float32", shape, data });
}

function rowError(file: string, words: Omit<Diagnostic, "severity" | "subject" | "fix">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file }, ...words, fix: "Correct the data, or task.input in the plan." };
}
