/** Where a tensor's bytes stand outside the model file. */
export interface ExternalRange {
  /** Relative to the model's folder, forward slashes, below it. */
  readonly location: string;
  readonly offset: number;
  /** Null: to the end of the file. */
  readonly length: number | null;
}

/**
 * Bytes of external data, given by whoever may read files; null when there is no such file or range. The caller resolves
 * `location` against the model's folder and must refuse links that leave it.
 */
export type ExternalData = (range: ExternalRange) => Uint8Array | null;

/** A location may only name a file below the model's folder: no absolute path, drive, backslash, NUL or "..". */
export function isSafeLocation(location: string): boolean {
  return location !== "" && !/[\\:\0]/.test(location) && !location.startsWith("/")
    && location.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** Entries of TensorProto.external_data → a range; null when they are not one. */
export function externalRange(entries: readonly { readonly key: string; readonly value: string }[]): ExternalRange | null {
  const get = (key: string): string | undefined => entries.find((entry) => entry.key === key)?.value;
  const number = (text: string | undefined): number | null | undefined =>
    text === undefined || text === "" ? null : /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
  const location = get("location");
  const offset = number(get("offset"));
  const length = number(get("length"));
  if (location === undefined || offset === undefined || length === undefined) return null;
  return { location, offset: offset ?? 0, length };
}
