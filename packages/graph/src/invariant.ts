/** Throws when our own reasoning is wrong. Never for a user's mistake: those are `Diagnostic`s. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`);
}
