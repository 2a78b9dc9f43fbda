import type { Subject } from "@edgewise/graph";
import { type Document, type LineCounter, isMap, isNode, isScalar, isSeq } from "yaml";

export type KeyPath = readonly (string | number)[];

/** Where in a YAML text a key path stands: at the key itself, at its value, or at the nearest thing that exists. */
export interface Locator {
  key(path: KeyPath): Subject;
  value(path: KeyPath): Subject;
}

export function locator(file: string, document: Document, lines: LineCounter): Locator {
  const subject = (offset: number, path: KeyPath): Subject => {
    const { line, col } = lines.linePos(offset);
    return { kind: "file", path: file, line, column: col, keyPath: path.join(".") };
  };
  const find = (path: KeyPath, want: "key" | "value"): number => {
    let node: unknown = document.contents;
    let offset = isNode(node) ? node.range?.[0] ?? 0 : 0;
    let parentKey = offset;
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair === undefined) return want === "key" ? parentKey : offset;
        if (isNode(pair.key)) parentKey = pair.key.range?.[0] ?? offset;
        const at = want === "key" && last ? pair.key : pair.value ?? pair.key;
        if (isNode(at)) offset = at.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node) && typeof step === "number") {
        node = node.items[step];
        if (isNode(node)) offset = node.range?.[0] ?? offset;
      } else return offset;
    }
    return offset;
  };
  return {
    key: (path) => subject(find(path, "key"), path),
    value: (path) => subject(find(path, "value"), path),
  };
}
