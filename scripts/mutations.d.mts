/** A fault, and the tests that must notice it. Paths are relative to the repository's root. */
export interface Mutation {
  readonly id: string;
  readonly file: string;
  /** Occurs exactly once in `file`. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  /** Part of the full names of the tests that must notice. */
  readonly name: string;
}

export const mutations: readonly Mutation[];
