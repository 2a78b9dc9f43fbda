/** "meter-reading" → "MeterReading": the stem of the Swift module's name. */
export function swiftStem(target: string): string {
  const words = target.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `M${joined}`;
}

/** Module of a target's package; no type in it has its name, which would hide the module. */
export function swiftModule(target: string): string {
  return `${swiftStem(target)}Model`;
}

/** Module with the golden vectors and the benchmark: what an app that only predicts leaves out. */
export function benchmarkModule(target: string): string {
  return `${swiftStem(target)}Benchmark`;
}

/** A string literal. Control characters and everything that Swift's literals give a meaning are escaped. */
export function swiftString(text: string): string {
  const escaped = Array.from(text, (character) => {
    if (character === "\"" || character === "\\") return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || code === 0x7f || code === 0x2028 || code === 0x2029 ? `\\u{${code.toString(16)}}` : character;
  });
  return `"${escaped.join("")}"`;
}

/** The shortest text that reads back as the same Double. */
export function swiftDouble(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text.replace("e+", "e") : `${text}.0`;
}

export function swiftList(items: readonly string[]): string {
  return `[${items.join(", ")}]`;
}
