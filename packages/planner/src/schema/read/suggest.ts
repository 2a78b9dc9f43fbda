/** Edit distance with adjacent transposition, at most `length` of the longer word. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** The nearest known name, when it is near enough that a typing mistake is likely; ties go to the first in order. */
export function suggest(written: string, known: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(written.length / 3) + 1);
  let best: { name: string; edits: number } | null = null;
  for (const name of known) {
    const edits = name.includes(written) && written.length >= 3 ? 1 : distance(written.toLowerCase(), name.toLowerCase());
    if (edits <= limit && (best === null || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? null;
}
