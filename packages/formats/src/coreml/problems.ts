import type { Diagnostic } from "@edgewise/graph";

/** A mistake in a file of a package, with its place where there is one. */
export function brokenFile(path: string, about: Pick<Diagnostic, "code" | "summary"> & { readonly found?: string; readonly expected?: string; readonly byteOffset?: number; readonly keyPath?: string; readonly fix?: string }): Diagnostic {
  const { byteOffset, keyPath, fix, ...rest } = about;
  return {
    severity: "error",
    subject: { kind: "file", path, ...(byteOffset === undefined ? {} : { byteOffset }), ...(keyPath === undefined ? {} : { keyPath }) },
    fix: fix ?? "The package is broken or cut short: copy or make it again.",
    ...rest,
  };
}
