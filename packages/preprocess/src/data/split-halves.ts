/** Samples that choose, and samples that prove; none is in both. */
export interface Halves<S> {
  readonly selection: readonly S[];
  readonly confirmation: readonly S[];
}

/**
 * Splits by each sample's own content: an even last hex digit of its digest selects, an odd one confirms. Adding or
 * removing samples moves no other, copies of one sample never face each other, and neither half looks at the labels;
 * so halves are near, not exactly, equal in size and classes. Inside a half the order is that of the digests, then of
 * the ids: a fixed shuffle, so that the first n samples are a fair draw.
 */
export function splitHalves<S extends { readonly id: string }>(samples: readonly S[], digestOf: (sample: S) => string): Halves<S> {
  const keyed = samples.map((sample) => ({ sample, digest: digestOf(sample) }));
  keyed.sort((a, b) => compare(a.digest, b.digest) || compare(a.sample.id, b.sample.id));
  const odd = (digest: string): boolean => Number.parseInt(digest.slice(-1), 16) % 2 === 1;
  return {
    selection: keyed.filter(({ digest }) => !odd(digest)).map(({ sample }) => sample),
    confirmation: keyed.filter(({ digest }) => odd(digest)).map(({ sample }) => sample),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
