import { type Result, type Tensor, fail, ok } from "@edgewise/graph";
import { type Dataset, type DatasetInput, type Sample, dataError, endingOf, shownPath } from "./dataset.ts";
import { labelReader } from "./label.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";

/**
 * Rows of one array: `x.npy` beside `y.npy`, a lone `.npy`, or an `.npz` with the keys x and y. A `y` of one whole
 * number a row holds class numbers; a `y` of anything else holds targets.
 * Errors: those of the readers, DATA_MISSING_X, DATA_LENGTHS, DATA_UNLABELLED, LABEL_UNKNOWN.
 */
export async function indexArrays(file: string, files: readonly string[], input: DatasetInput): Promise<Result<Dataset>> {
  const arrays = await readArrays(file, files, input);
  if (!arrays.ok) return arrays;
  const { x, y, yFile } = arrays.value;
  const shown = shownPath(input.port, file);
  const rows = x.shape[0] ?? 1;
  if (y !== null && (y.shape[0] ?? 1) !== rows) return fail(dataError(shown, { code: "DATA_LENGTHS", summary: "x and y have different numbers of rows", found: `${rows} and ${y.shape[0] ?? 1}`, fix: "Write one row of y for each row of x." }));
  const classes = y !== null && holdsClasses(y, rows, input.labels) ? y : null;
  if (input.labels !== null && input.labels.length > 0 && classes === null) {
    return fail(dataError(shown, { code: "DATA_UNLABELLED", summary: "The samples have no labels", expected: "y with one class number a row", fix: "Write y.npy beside x.npy, or the keys x and y into the .npz." }));
  }
  const reader = labelReader(input.labels);
  const samples = Array.from({ length: rows }, (_, row): Sample => ({
    id: `${shown}#${row}`, file, row,
    label: classes === null || input.labels === null ? null : reader.read({ text: String(classes.data[row]), file: shown }),
  }));
  if (reader.errors.length > 0) return fail(...reader.errors);
  return ok({ kind: "tensor", samples, targets: y === null || classes !== null ? null : yFile });
}

interface Arrays {
  readonly x: Tensor;
  readonly y: Tensor | null;
  readonly yFile: NonNullable<Dataset["targets"]>;
}

async function readArrays(file: string, files: readonly string[], { port }: DatasetInput): Promise<Result<Arrays>> {
  const shown = shownPath(port, file);
  const bytes = await port.read(file);
  if (endingOf(port, file) === "npz") {
    const arrays = readNpz(bytes, shown);
    if (!arrays.ok) return arrays;
    const x = arrays.value.get("x");
    if (x === undefined) return fail(dataError(shown, { code: "DATA_MISSING_X", summary: "The archive has no array x", found: [...arrays.value.keys()].join(", "), expected: "x, and y for labels", fix: "Write it with numpy.savez(file, x=…, y=…)." }));
    return ok({ x, y: arrays.value.get("y") ?? null, yFile: { file, key: "y" } });
  }
  const x = readNpy(bytes, shown);
  if (!x.ok) return x;
  const beside = file.replace(/x\.npy$/, "y.npy");
  if (beside === file || !files.includes(beside)) return ok({ x: x.value, y: null, yFile: { file: beside, key: null } });
  const y = readNpy(await port.read(beside), shownPath(port, beside));
  return y.ok ? ok({ x: x.value, y: y.value, yFile: { file: beside, key: null } }) : y;
}

/** One whole number a row; floats only where the task has classes, because 1.0 may as well be a target. */
function holdsClasses(y: Tensor, rows: number, labels: readonly string[] | null): boolean {
  if (y.data.length !== rows) return false;
  const integers = y.dtype !== "float32" && y.dtype !== "float64" && y.dtype !== "float16";
  return integers ? labels === null || labels.length > 0 : labels !== null && labels.length > 0;
}
