import { contentUuid } from "./digest.ts";
import { encodeUtf8 } from "../utf8.ts";

/** A file of a package; the path is relative to the .mlpackage folder, with "/". */
export interface PackageFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Paths of the files that we write. */
export const packagePaths = {
  manifest: "Manifest.json",
  model: "Data/com.apple.CoreML/model.mlmodel",
  weights: "Data/com.apple.CoreML/weights/weight.bin",
} as const;

/** Items of the manifest are paths below Data. */
const MODEL_ITEM = "com.apple.CoreML/model.mlmodel";
const WEIGHTS_ITEM = "com.apple.CoreML/weights";

/**
 * The files of a package, by path. Identifiers in the manifest follow from the contents of the files.
 * Source: github.com/apple/coremltools, modelpackage/src/ModelPackage.cpp
 */
export function packageFiles(model: Uint8Array, weights: Uint8Array | null): readonly PackageFile[] {
  const root = contentUuid(model);
  const items = [
    item(root, { path: MODEL_ITEM, name: "model.mlmodel", description: "CoreML Model Specification" }),
    ...(weights === null ? [] : [item(contentUuid(weights), { path: WEIGHTS_ITEM, name: "weights", description: "CoreML Model Weights" })]),
  ].sort(([a], [b]) => a < b ? -1 : 1);
  const manifest = { fileFormatVersion: "1.0.0", itemInfoEntries: Object.fromEntries(items), rootModelIdentifier: root };
  return [
    { path: packagePaths.model, bytes: model },
    ...(weights === null ? [] : [{ path: packagePaths.weights, bytes: weights }]),
    { path: packagePaths.manifest, bytes: encodeUtf8(`${JSON.stringify(manifest, null, 4)}\n`) },
  ];
}

interface Item {
  readonly path: string;
  readonly name: string;
  readonly description: string;
}

function item(id: string, { path, name, description }: Item): readonly [string, Readonly<Record<string, string>>] {
  return [id, { author: "com.apple.CoreML", description, name, path }];
}
