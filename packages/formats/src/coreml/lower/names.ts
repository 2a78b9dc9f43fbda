/**
 * Names that MIL and Swift take: letters, digits and "_", not starting with a digit. Each name is given once; a name that
 * is taken gets a number.
 */
export interface Names {
  /** A new name made of `wish`. */
  fresh(wish: string): string;
}

export function newNames(): Names {
  const taken = new Set<string>();
  return {
    fresh(wish) {
      const base = identifier(wish);
      let name = base;
      for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
      taken.add(name);
      return name;
    },
  };
}

/** "/conv1/Conv_output_0" → "conv1_Conv_output_0"; "345" → "v345". */
export function identifier(wish: string): string {
  const plain = wish.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+(?=.)/, "");
  return /^[A-Za-z]/.test(plain) ? plain : `v${plain}`;
}
