import type { BundleFile, EmitInput } from "@edgewise/adapter";
import { buildHost } from "@edgewise/measure";
import { emit } from "../emit.ts";
import { textFile } from "../emit/library.ts";
import { valueOrThrow } from "./quantized-case.ts";

/** A network with the name under which a failure is reported. */
export interface BatchCase {
  readonly name: string;
  readonly input: EmitInput;
}

/**
 * Compiles many bundles into one program and runs every self-test: one compiler start for all of them. Returns the names
 * of the networks whose output differs anywhere; throws when the program does not come to its end.
 */
export async function failingNetworks(cases: readonly BatchCase[], build: { readonly compiler: "gcc" | "clang"; readonly flags: readonly string[] }): Promise<readonly string[]> {
  const files: BundleFile[] = [];
  for (const [i, { input }] of cases.entries()) {
    const bundle = valueOrThrow(await emit({ ...input, candidate: { ...input.candidate, target: `net${i}` } }));
    files.push(...bundle.files.filter(({ path }) => path.endsWith(".c") || path.endsWith(".h")));
  }
  const defines = cases.map((_, i) => `-DNET${i}_SELFTEST_NO_MAIN`);
  const program = await buildHost({ files: [...files, textFile("driver.c", driver(cases.length))], compiler: build.compiler, flags: [...build.flags, ...defines] });
  const outcome = await program.run();
  await program.remove();
  const lines = Buffer.from(outcome.stdout).toString("utf8").trim().split("\n");
  if (outcome.code !== 0 || lines.length !== cases.length) throw new Error(`the self-tests ended with ${outcome.code}:\n${outcome.stderr}`);
  return cases.filter((_, i) => lines[i] !== "0").map(({ name }) => name);
}

function driver(count: number): string {
  const networks = Array.from({ length: count }, (_, i) => i);
  return `#include <stdio.h>
int main(void);
${networks.map((i) => `int net${i}_selftest(void);`).join("\n")}
int main(void)
{
${networks.map((i) => `    printf("%d\\n", net${i}_selftest());`).join("\n")}
    return 0;
}
`;
}
