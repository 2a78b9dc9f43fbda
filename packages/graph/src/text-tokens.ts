import type { Attr, Dim } from "./graph.ts";

/** Walks one line of the text form; every mistake is a SyntaxError with the line's number. */
export interface Cursor {
  done(): boolean;
  end(): void;
  fail(message: string): never;
  peek(symbol: string): boolean;
  take(symbol: string): boolean;
  expect(symbol: string): void;
  /** One of the words, if it stands next and is not itself defined as a name by "=" or ":". */
  keyword(words: readonly string[]): string | null;
  /** `key=` as a pair. */
  takeKey(key: string): boolean;
  name(): string;
  number(): number;
  /** One number, or a list of them. */
  numbers(): readonly number[];
  attr(): Attr;
  shape(): readonly Dim[] | null;
  /** A list of numbers; whole ones as bigint when `wide`. */
  elements(wide: boolean): readonly (number | bigint)[];
  hex(): string;
}

/** Strings, numbers, names, then single symbols; white space and comments fall away. */
const pattern = /\s+|#.*|("(?:[^"\\]|\\.)*"|-?(?:inf|nan)(?![A-Za-z0-9_.])|-?\d[A-Za-z0-9.]*(?:(?<=[eE])[+-]\d+)?|[A-Za-z][A-Za-z0-9_.]*|[[\](){}:,=_?])/gy;

export function scanLine(line: string, lineNumber: number): Cursor {
  const fail = (message: string): never => { throw new SyntaxError(`graph text, line ${lineNumber}: ${message}`); };
  const tokens = tokenize(line, fail);
  let at = 0;
  const peek = (symbol: string): boolean => tokens[at] === symbol;
  const take = (symbol: string): boolean => peek(symbol) && ++at > 0;
  const expect = (symbol: string): void => { if (!take(symbol)) fail(`"${symbol}" expected, found ${tokens[at] ?? "the end"}`); };
  const next = (): string => tokens[at++] ?? fail("the line ends early");
  const name = (): string => {
    const token = next();
    if (token.startsWith('"')) return String(JSON.parse(token));
    return /^[A-Za-z]/.test(token) ? token : fail(`a name expected, found ${token}`);
  };
  const number = (): number => toNumber(next(), fail);
  const list = <T>(item: () => T): T[] => {
    const items: T[] = [];
    expect("[");
    while (!take("]")) {
      items.push(item());
      if (!peek("]")) expect(",");
    }
    return items;
  };
  const item = (): number | string => (tokens[at]?.startsWith('"') ? name() : number());
  return {
    done: () => at >= tokens.length,
    end: () => { if (at < tokens.length) fail(`unexpected ${tokens[at]}`); },
    fail, peek, take, expect, name, number,
    keyword(words) {
      const word = tokens[at] ?? "";
      const defines = ["=", ":", ",", undefined].includes(tokens[at + 1]);
      return words.includes(word) && !defines ? next() : null;
    },
    takeKey: (key) => tokens[at] === key && tokens[at + 1] === "=" && (at += 2) > 0,
    numbers: () => (peek("[") ? list(number) : [number()]),
    attr: () => (peek("[") ? (list(item) as Attr) : item()), // a list is of one kind: the printer writes no other
    shape() {
      if (tokens[at] === "[" && tokens[at + 1] === "?" && tokens[at + 2] === "]") { at += 3; return null; }
      return list((): Dim => (/^\d/.test(tokens[at] ?? "") ? number() : name()));
    },
    elements: (wide) => list(() => (wide ? BigInt(next()) : number())),
    hex: () => tokens.slice(at, (at = tokens.length)).join(""),
  };
}

function tokenize(line: string, fail: (message: string) => never): readonly string[] {
  const tokens: string[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < line.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(line);
    if (!match) fail(`cannot read "${line.slice(start, start + 12)}"`);
    else if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

function toNumber(token: string, fail: (message: string) => never): number {
  if (token === "inf") return Infinity;
  if (token === "-inf") return -Infinity;
  if (token === "nan") return NaN;
  const number = Number(token);
  return Number.isNaN(number) ? fail(`a number expected, found ${token}`) : number;
}
