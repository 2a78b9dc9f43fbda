import { encodeUtf8 } from "@edgewise/adapter";

/** Words C99 and C++ keep for themselves, as far as a target may bear them as its name. */
const reserved: ReadonlySet<string> = new Set([
  "auto", "bool", "break", "case", "char", "class", "const", "continue", "default", "delete", "do", "double", "else", "enum", "extern", "false", "float", "for",
  "goto", "if", "inline", "int", "long", "main", "new", "private", "public", "register", "restrict", "return", "short", "signed", "sizeof", "static",
  "struct", "switch", "template", "this", "true", "typedef", "union", "unsigned", "using", "virtual", "void", "volatile", "while",
]);

/** Headers of C99 and of Arduino, which one of the same name would hide: Arduino puts a library's src/ on the search path. */
const headers: ReadonlySet<string> = new Set([
  "arduino", "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math", "setjmp", "signal", "stdarg",
  "stdbool", "stddef", "stdint", "stdio", "stdlib", "string", "tgmath", "time", "wchar", "wctype",
]);

/** A target's name as a C identifier: lower case, digits and underscores, starting with a letter. */
export function prefixOf(target: string): string {
  const plain = target.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return plain === "" || /^[0-9]/.test(plain) || reserved.has(plain) || headers.has(plain) ? `net_${plain}`.replace(/_$/, "") : plain;
}

/** Longest name shown in a comment: some exporters join every name that went into a node. */
const COMMENT_CHARACTERS = 72;

/** Text from the user's model, safe inside a C comment; the end of what is too long. */
export function inComment(text: string): string {
  const shown = text.length > COMMENT_CHARACTERS ? `...${text.slice(3 - COMMENT_CHARACTERS)}` : text;
  return shown.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll("*/", "* /").replaceAll("/*", "/ *");
}

/** A string literal: printable ASCII as it is, every other UTF-8 byte in octal. */
export function stringLiteral(text: string): string {
  const bytes = encodeUtf8(text);
  const body = Array.from(bytes, (byte) => {
    const letter = String.fromCharCode(byte);
    if (letter === "\\" || letter === '"' || letter === "?") return `\\${letter}`;
    return byte >= 0x20 && byte < 0x7f ? letter : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${body.join("")}"`;
}
