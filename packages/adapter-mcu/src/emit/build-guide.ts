import type { KernelSet } from "../isa/specialize.ts";
import type { Program } from "../program.ts";
import { libraryName } from "./arduino-files.ts";
import { SKETCH } from "./example-files.ts";
import { usedKernels } from "./kernel-files.ts";

export interface BuildGuideParts {
  readonly program: Program;
  readonly prefix: string;
  readonly vectors: number;
  readonly family: KernelSet;
}

/** Three ways to build: with CMake, with Arduino, with a compiler alone; and what the sources need of the core. */
export function renderBuildGuide(parts: BuildGuideParts): string {
  return [withCMake(parts), withArduino(parts), byHand(parts), kernelFamily(parts)].join("\n");
}

function withCMake({ prefix, vectors }: BuildGuideParts): string {
  const upper = prefix.toUpperCase();
  const tests = vectors === 0 ? "runs the example" : `runs the example and the self-test of ${vectors} golden vectors`;
  return `## CMake

    cmake -B build -D${upper}_EXAMPLE=ON
    cmake --build build
    ctest --test-dir build

${tests}; \`build/${prefix}_example\` prints the output of \`examples/main.c\`. In a project of your own, with no package to find:

    add_subdirectory(${prefix})
    target_link_libraries(app PRIVATE ${prefix})

There it is the library alone: ${vectors === 0 ? "the example is" : "self-test and example are"} left out unless asked for.
`;
}

function withArduino({ prefix, vectors }: BuildGuideParts): string {
  const name = libraryName(prefix);
  return `## Arduino

This folder is an Arduino library (format 1.5). Copy it to \`libraries/${name}\` of your sketchbook, or zip it and take Sketch > Include Library > Add .ZIP Library; then open File > Examples > ${name} > ${SKETCH}. With the command line, on a board of yours:

    arduino-cli compile --library . --fqbn <board> examples/${SKETCH}

The sketch ${vectors === 0 ? "runs the network" : "runs a golden vector, compares every byte,"} and prints the output and the time of a run at 115200 baud. On boards that copy constants into RAM (AVR, ESP8266) the weights count there.
Before you publish the library, put your own author, maintainer and url into \`library.properties\`.
`;
}

function byHand({ prefix, vectors }: BuildGuideParts): string {
  const add = "Add `include/` to the header path and compile every file of `src/`";
  if (vectors === 0) return `## By hand\n\n${add}. There is no self-test: the plan names no evaluation data, so there are no golden vectors.\n`;
  return `## By hand

    cc -std=c99 -O2 -Iinclude -Isrc src/*.c selftest/${prefix}_selftest.c -o selftest && ./selftest

prints PASS when all ${vectors} golden vectors come out byte for byte. ${add}, \`.S\` included where there are any.
On the device, compile \`selftest/${prefix}_selftest.c\` with \`-D${prefix.toUpperCase()}_SELFTEST_NO_MAIN\` and call \`${prefix}_selftest()\`; 0 is good.
`;
}

const families: Readonly<Record<KernelSet, string>> = {
  portable: "the smallest code, for any core",
  thumb: "made for the instructions of ARMv6-M (Cortex-M0, M0+, M1), which every later Cortex-M also has",
  dsp: "made for the DSP extension (Cortex-M4, M7, and M33, M55, M85 where they have it)",
};

function kernelFamily({ program, prefix, family }: BuildGuideParts): string {
  const assembly = usedKernels(program).flatMap((kernel) => (kernel.assembly === undefined ? [] : [{ file: `src/${prefix}_${kernel.name}_inner.S`, condition: kernel.assembly.condition }]));
  const rows = assembly.map(({ file, condition }) => `| \`${file}\` | \`#if ${condition}\` |`);
  const table = rows.length === 0 ? "Every source is C99." : `| assembly | taken only |\n|---|---|\n${rows.join("\n")}\n\nEverywhere else the same functions are C99.`;
  return `## Kernels: ${family}

Of the families portable, thumb and dsp this bundle has ${family}: ${families[family]}.
${rows.length === 0 ? "" : "\n"}${table} The output is the same bytes on any core and compiler; only the time differs.
`;
}
