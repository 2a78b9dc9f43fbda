import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";

/** The map of ARCHITECTURE.md: a package may import packages of a lower level only. */
const levels: Readonly<Record<string, number>> = {
  graph: 0,
  formats: 1, quantizer: 1, planner: 1,
  catalog: 2, adapter: 2, preprocess: 2,
  "adapter-onnx": 3, "adapter-litert": 3, "adapter-coreml": 3, "adapter-mcu": 3, measure: 3,
  cli: 4,
};

/** Packages that run in a browser: no import of Node; its globals do not compile there ("types": []). */
const browserSafe = Object.keys(levels).filter((name) => name !== "measure" && name !== "cli");

/** The planner is pure and sees no graph: of level 0 it may use the diagnostic types and `invariant` alone. */
const plannerMayUse = ["Diagnostic", "Result", "Subject", "fail", "invariant", "ok"];

const root = join(import.meta.dirname, "..");

interface Import {
  readonly file: string;
  readonly names: readonly string[];
  readonly from: string;
}

function sources(name: string): readonly string[] {
  const folder = join(root, "packages", name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map((file) => join(folder, file));
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.includes("/testing/");
}

/** Import and export declarations and dynamic imports, as the compiler's own parser sees them. */
function imports(file: string): readonly Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, false);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
      const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
      const named = bindings !== undefined && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : [];
      found.push({ file, from: node.moduleSpecifier.text, names: named.map((element) => (element.propertyName ?? element.name).text) });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteral(specifier)) found.push({ file, from: specifier.text, names: [] });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function packageOf(specifier: string): string | null {
  return /^@edgewise\/([^/]+)/.exec(specifier)?.[1] ?? null;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest;
}

describe("the map of packages", () => {
  it("lists every package", () => {
    expect(readdirSync(join(root, "packages")).filter((name) => name !== "testkit").sort()).toEqual(Object.keys(levels).sort());
  });

  it.each(Object.keys(levels))("%s imports only from below", (name) => {
    const upward = sources(name).filter((file) => !isTest(file)).flatMap(imports).filter(({ from }) => {
      const other = packageOf(from);
      return other !== null && other !== name && (levels[other] ?? Infinity) >= (levels[name] ?? -1);
    });
    expect(upward).toEqual([]);
  });

  it.each(Object.keys(levels))("%s declares what it imports, nothing more, and has at most three doors", (name) => {
    const used = new Set(sources(name).filter((file) => !isTest(file)).flatMap(imports).map(({ from }) => from)
      .filter((from) => !from.startsWith(".") && !from.startsWith("node:"))
      .map((from) => from.split("/").slice(0, from.startsWith("@") ? 2 : 1).join("/")));
    expect([...used].sort()).toEqual(Object.keys(manifest(name).dependencies ?? {}).sort());
    expect(Object.keys(manifest(name).exports ?? {}).length).toBeLessThanOrEqual(3);
  });

  it.each(browserSafe)("%s runs in a browser", (name) => {
    const offending = sources(name).filter((file) => !isTest(file))
      .filter((file) => imports(file).some(({ from }) => from.startsWith("node:")));
    expect(offending).toEqual([]);
  });

  it("lets the planner see diagnostics, and no graph", () => {
    const seen = sources("planner").filter((file) => !isTest(file)).flatMap(imports)
      .filter(({ from }) => from.startsWith("@edgewise/graph")).flatMap(({ names }) => names);
    expect(seen.filter((name) => !plannerMayUse.includes(name))).toEqual([]);
  });

  it("matches the dependency list of ARCHITECTURE.md", () => {
    const listed = new Map([...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `([a-z-]+)` \| ([0-4]) \| ([^|]*) \|/gm)]
      .map((row) => [row[1] ?? "", { level: Number(row[2]), external: (row[3] ?? "").replaceAll("`", "").split(",").map((entry) => entry.trim()).filter((entry) => entry !== "" && entry !== "none").sort() }]));
    const real = new Map(Object.keys(levels).map((name) => [name, { level: levels[name], external: Object.keys(manifest(name).dependencies ?? {}).filter((entry) => !entry.startsWith("@edgewise/")).sort() }]));
    expect(listed).toEqual(real);
  });
});
