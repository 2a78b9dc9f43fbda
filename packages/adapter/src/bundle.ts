import type { Manifest } from "@edgewise/planner/schema";

export interface BundleFile {
  /** Relative, forward slashes, no "..", unique. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a target receives. `files` is sorted by path and excludes manifest.json, which is rendered from `manifest`. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly files: readonly BundleFile[];
}
