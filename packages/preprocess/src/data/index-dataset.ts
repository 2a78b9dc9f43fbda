import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { type Dataset, type DatasetInput, dataError, endingOf } from "./dataset.ts";
import { indexArrays } from "./index-arrays.ts";
import { indexFiles } from "./index-files.ts";
import { indexManifest } from "./index-manifest.ts";

/**
 * What a data folder, or a single file, holds. The first that is there decides:
 *
 *   one .csv or .jsonl at the top    a manifest of files, or a table of values
 *   one .npz, or x.npy, at the top   rows of an array
 *   pictures or .npy files           one sample each, in folders named after their class, or flat
 *
 * Nothing is decoded: a damaged picture is reported when it is read. Errors: DATA_EMPTY, DATA_AMBIGUOUS, and those of
 * each kind; warning CLASS_EMPTY for classes without a sample.
 */
export async function indexDataset(input: DatasetInput): Promise<Result<Dataset>> {
  const files = await input.port.list();
  const index = await indexByKind(files, input);
  if (!index.ok) return index;
  const { samples } = index.value;
  if (samples.length === 0) {
    return fail(dataError(input.port.name, {
      code: "DATA_EMPTY", summary: "The data holds no samples", found: `${files.length} files`,
      expected: input.kind === "image" ? "PNG or JPEG files, or a CSV or JSONL manifest" : ".npy, .npz or CSV", fix: "Point data at the folder that holds the samples.",
    }));
  }
  return ok(index.value, [...index.warnings, ...emptyClasses(index.value, input)]);
}

async function indexByKind(files: readonly string[], input: DatasetInput): Promise<Result<Dataset>> {
  const top = files.filter((file) => !file.includes("/"));
  const ending = (...wanted: readonly string[]): readonly string[] => top.filter((file) => wanted.includes(endingOf(input.port, file)));
  const manifests = ending("csv", "jsonl");
  const archives = input.kind === "image" ? [] : ending("npz");
  const [first, second] = [...manifests, ...archives];
  if (second !== undefined) return fail(dataError(input.port.name, { code: "DATA_AMBIGUOUS", summary: "More than one file could be the data", found: [...manifests, ...archives].join(", "), fix: "Point data at one of them." }));
  if (manifests.length === 1 && first !== undefined) return indexManifest(first, files, input);
  if (archives.length === 1 && first !== undefined) return indexArrays(first, files, input);
  const array = input.kind === "image" ? undefined : top.find((file) => file === "x.npy" || (file === "" && endingOf(input.port, file) === "npy"));
  return array === undefined ? indexFiles(files, input) : indexArrays(array, files, input);
}

function emptyClasses({ samples }: Dataset, { labels, port }: DatasetInput): readonly Diagnostic[] {
  const seen = new Set(samples.map(({ label }) => label));
  const missing = (labels ?? []).filter((_, index) => !seen.has(index));
  if (missing.length === 0 || (labels ?? []).length === 0) return [];
  const names = missing.length <= 12 ? missing.join(", ") : `${missing.length} of ${(labels ?? []).length}`;
  return [{ ...dataError(port.name, { code: "CLASS_EMPTY", summary: "Classes without a sample", found: names, fix: "Add samples of them; their accuracy stays unknown." }), severity: "warning" }];
}
