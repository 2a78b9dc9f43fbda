import { invariant } from "@edgewise/graph";
import { type Manifest, canonicalText } from "@edgewise/planner/schema";
import type { EmitInput } from "./adapter.ts";
import type { Bundle, BundleFile } from "./bundle.ts";
import { digest } from "./digest.ts";

/** Files and promises → a bundle: files sorted by path, each with its bytes and sha256 in the manifest. */
export function sealBundle(input: EmitInput, content: { readonly files: readonly BundleFile[]; readonly promises: Manifest["promises"] }): Bundle {
  const files = [...content.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  invariant(new Set(files.map(({ path }) => path)).size === files.length, "bundle paths are unique");
  return {
    files,
    manifest: {
      version: 1, plan: input.plan, candidate: input.candidate, contract: input.contract, licence: input.licence, costs: input.costs,
      promises: content.promises,
      files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: digest(bytes) })),
    },
  };
}

/** manifest.json: keys sorted, so that equal manifests are equal bytes. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(JSON.parse(canonicalText(manifest)), null, 2)}\n`;
}
