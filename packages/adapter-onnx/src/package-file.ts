import { type BundleFile, type EmitInput, textFile } from "@edgewise/adapter";

/** package.json: the bundle is a package without dependencies; the user brings the onnxruntime that fits. */
export function packageFile({ candidate, licence }: EmitInput, tested: boolean): BundleFile {
  const runtimes = ["onnxruntime-node", "onnxruntime-web"];
  return textFile("package.json", JSON.stringify({
    name: packageName(candidate.target), version: "1.0.0", private: true, type: "module",
    description: `${candidate.file} in ${candidate.precision} for ${candidate.device}`,
    ...(licence === null ? {} : { license: licence }),
    exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./model.onnx": "./model.onnx", "./manifest.json": "./manifest.json" },
    ...(tested ? { scripts: { test: "node selftest.mjs" } } : {}),
    peerDependencies: Object.fromEntries(runtimes.map((name) => [name, candidate.runtimeVersion])),
    peerDependenciesMeta: Object.fromEntries(runtimes.map((name) => [name, { optional: true }])),
  }, null, 2));
}

/** Lower case, digits and hyphens: what registries accept. */
export function packageName(target: string): string {
  return target.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "") || "model";
}
