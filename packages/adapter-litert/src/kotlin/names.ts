/** Words that a package's segment may not be: of Kotlin and of Java, for the manifest's namespace is both. */
const reserved: ReadonlySet<string> = new Set([
  "abstract", "as", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default", "do", "double", "else", "enum", "extends",
  "false", "final", "finally", "float", "for", "fun", "goto", "if", "implements", "import", "in", "instanceof", "int", "interface", "is", "long", "native", "new", "null",
  "object", "package", "private", "protected", "public", "return", "short", "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws",
  "transient", "true", "try", "typealias", "typeof", "val", "var", "void", "volatile", "when", "while",
]);

/** "Meter-Phone" → "meter_phone": a package's last segment, and the folder of the assets. */
export function packageLeaf(target: string): string {
  const joined = target.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return /^[a-z]/.test(joined) && !reserved.has(joined) ? joined : `m_${joined}`;
}

/** Package and Android namespace of a target's library. */
export function packageName(target: string): string {
  return `edgewise.${packageLeaf(target)}`;
}

/** A string literal: control characters and everything that Kotlin's literals give a meaning are escaped. */
export function kotlinString(text: string): string {
  const escaped = Array.from({ length: text.length }, (_, i) => {
    const [unit, code] = [text.charAt(i), text.charCodeAt(i)];
    if (unit === "\"" || unit === "\\" || unit === "$") return `\\${unit}`;
    return code < 0x20 || code === 0x7f || code === 0x2028 || code === 0x2029 || (code >= 0xd800 && code <= 0xdfff) ? `\\u${code.toString(16).padStart(4, "0")}` : unit;
  });
  return `"${escaped.join("")}"`;
}

/** The shortest text that reads back as the same Double. */
export function kotlinDouble(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A float32 number as a Float literal. */
export function kotlinFloat(value: number): string {
  return `${kotlinDouble(value)}f`;
}

/** `name * scale + offset`; x − a is x + (−a), bit for bit. */
export function affine(name: string, { scale, offset }: { readonly scale: number; readonly offset: number }): string {
  return `${name} * ${kotlinDouble(scale)} ${offset < 0 || Object.is(offset, -0) ? "-" : "+"} ${kotlinDouble(Math.abs(offset))}`;
}

/** Lines of a literal list, wrapped. */
export function wrapped(items: readonly string[], { indent, perLine }: { readonly indent: string; readonly perLine: number }): string {
  const lines = Array.from({ length: Math.ceil(items.length / perLine) }, (_, i) => `${indent}${items.slice(i * perLine, (i + 1) * perLine).join(", ")},`);
  return lines.join("\n");
}
