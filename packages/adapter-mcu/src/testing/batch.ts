import type { BundleFile, EmitInput } from "@edgewise/adapter";
import { type ArmCore, buildHost, runProgram } from "@edgewise/measure";
import { emit } from "../emit.ts";
import { renderAssembly, renderKernel, renderKernelHeader } from "../emit/kernel-files.ts";
import { textFile } from "../emit/library.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { kernels } from "../kernels/registry.ts";
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
  const files = (await filesOf(cases)).filter(({ path }) => !path.endsWith(".S"));
  const program = await buildHost({ files: [...files, textFile("driver.c", driver(cases.length, hostOutput))], compiler: build.compiler, flags: [...build.flags, ...definesOf(cases).map((name) => `-D${name}`)] });
  const outcome = await program.run();
  await program.remove();
  if (outcome.code !== 0) throw new Error(`the self-tests ended with ${outcome.code}:\n${outcome.stderr}`);
  return failing(cases, Buffer.from(outcome.stdout).toString("utf8"));
}

/** The same on an emulated core, assembly included. */
export async function failingOnCore(cases: readonly BatchCase[], core: ArmCore): Promise<readonly string[]> {
  const { text } = await runProgram({ files: [...(await filesOf(cases)), textFile("driver.c", driver(cases.length, emulatedOutput))], core, defines: definesOf(cases) });
  return failing(cases, text);
}

/**
 * The sources of all networks around one copy of each kernel: bundles differ in nothing but the prefix there, and a
 * compiler takes longer for the kernels than for a small network.
 */
async function filesOf(cases: readonly BatchCase[]): Promise<readonly BundleFile[]> {
  const used = new Set<Kernel>();
  const files: BundleFile[] = [];
  for (const [i, { input }] of cases.entries()) {
    const bundle = valueOrThrow(await emit({ ...input, candidate: { ...input.candidate, target: `net${i}` } }));
    const own = Object.values(kernels).filter(({ name }) => bundle.files.some(({ path }) => path === `src/net${i}_${name}.c`));
    for (const kernel of own) used.add(kernel);
    const names = own.map(({ name }) => name).join("|");
    const shared = new RegExp(`\\bnet${i}_((?:${names})(?:_t)?|kernels\\.h)\\b`, "g");
    const isKernel = new RegExp(`^src/net${i}_(${names})(_inner)?\\.[cS]$`);
    for (const { path, bytes } of bundle.files) {
      if (/\.[ch]$/.test(path) && !path.startsWith("examples/") && !isKernel.test(path) && !path.endsWith("_kernels.h")) files.push(textFile(path, new TextDecoder().decode(bytes).replaceAll(shared, "ew_$1")));
    }
  }
  return [...files, ...libraryOf([...used])];
}

function libraryOf(used: readonly Kernel[]): readonly BundleFile[] {
  return [
    textFile("src/ew_kernels.h", renderKernelHeader(used, "ew")),
    ...used.map((kernel) => textFile(`src/ew_${kernel.name}.c`, renderKernel(kernel, "ew"))),
    ...used.flatMap((kernel) => {
      const assembly = renderAssembly(kernel, "ew");
      return assembly === null ? [] : [textFile(`src/ew_${kernel.name}_inner.S`, assembly)];
    }),
  ];
}

function definesOf(cases: readonly BatchCase[]): readonly string[] {
  return cases.map((_, i) => `NET${i}_SELFTEST_NO_MAIN`);
}

/** One digit a network: 0 when every golden vector is met. */
function failing(cases: readonly BatchCase[], text: string): readonly string[] {
  const verdicts = text.trim();
  if (!/^[01]*$/.test(verdicts) || verdicts.length !== cases.length) throw new Error(`the self-tests did not come to their end: ${text.slice(-500)}`);
  return cases.filter((_, i) => verdicts[i] !== "0").map(({ name }) => name);
}

const hostOutput = "#include <stdio.h>\nstatic void put(const char *text) { fputs(text, stdout); }";
const emulatedOutput = "void put_text(const char *text);\nstatic void put(const char *text) { put_text(text); }";

function driver(count: number, output: string): string {
  const networks = Array.from({ length: count }, (_, i) => i);
  return `${output}
int main(void);
${networks.map((i) => `int net${i}_selftest(void);`).join("\n")}
int main(void)
{
${networks.map((i) => `    put(net${i}_selftest() == 0 ? "0" : "1");`).join("\n")}
    return 0;
}
`;
}
