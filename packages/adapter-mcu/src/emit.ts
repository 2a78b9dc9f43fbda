import { type Bundle, type BundleFile, type EmitInput, sealBundle } from "@edgewise/adapter";
import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import type { BillItem } from "@edgewise/planner/schema";
import { cameraMapping } from "@edgewise/preprocess";
import { CODE_TOLERANCE_BYTES, type Footprint, footprintOf, workOf } from "./bill.ts";
import { type ArduinoParts, renderLibraryProperties } from "./emit/arduino-files.ts";
import { renderCMake } from "./emit/cmake-file.ts";
import { exampleFiles } from "./emit/example-files.ts";
import { selfTestVectors } from "./emit/golden.ts";
import { libraryFiles, textFile } from "./emit/library.ts";
import { prefixOf } from "./emit/names.ts";
import { renderReadme } from "./emit/readme-file.ts";
import { renderSelfTest } from "./emit/selftest-file.ts";
import { lowerGraph, lowerUnreduced } from "./lower.ts";
import type { Program } from "./program.ts";
import { kernelSetOf, measuredCores } from "./runtime.ts";

/** The C library, its self-test and examples, what CMake and Arduino need, and a guide. Bytes are a function of the input alone. */
export async function emit(input: EmitInput): Promise<Result<Bundle>> {
  const isa = input.device.units.find((unit) => unit.kind === "cpu" && unit.isa in measuredCores)?.isa ?? "";
  const program = lowerWithin(input, isa);
  if (!program.ok) return program;
  const sizes = footprintOf(program.value, isa);
  const broken = differences(input, sizes);
  if (broken.length > 0) return fail(...broken);
  const vectors = selfTestVectors(input.golden, program.value);
  if (!vectors.ok) return vectors;
  const prefix = prefixOf(input.candidate.target);
  const { output, input: entry } = input.contract;
  const { labels, labelOffset } = output.kind === "labels" ? output : { labels: [], labelOffset: 0 };
  const pixels = entry.kind === "image" ? cameraMapping(entry, program.value.input.quant) : null;
  const parts = { program: program.value, prefix, labels, labelOffset };
  const library = libraryFiles({ ...parts, pixels });
  const selftest = vectors.value.length === 0 ? [] : [textFile(`selftest/${prefix}_selftest.c`, renderSelfTest(program.value, prefix, vectors.value))];
  const files = [
    ...library, ...selftest, ...exampleFiles({ ...parts, golden: vectors.value[0] ?? null }),
    textFile("library.properties", renderLibraryProperties(arduinoParts(input, prefix, sizes))),
    textFile("CMakeLists.txt", renderCMake(prefix, [...library, ...selftest])),
    textFile("README.md", renderReadme({ input, program: program.value, prefix, sizes, pixels, vectors: vectors.value.length })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return ok(bundleOf({ input, program: program.value, prefix, isa, sizes, files }));
}

/**
 * The program of the reduced graph. Where that needs more than was planned, the graph as it is: a depthwise convolution
 * that is left with one channel is an ordinary one, whose faster kernel may take more scratch than the channels saved.
 */
function lowerWithin(input: EmitInput, isa: string): Result<Program> {
  const set = kernelSetOf(input.candidate.backend);
  const { program } = lowerGraph(input.graph, set);
  if (!program.ok || differences(input, footprintOf(program.value, isa)).length === 0) return program;
  const whole = lowerUnreduced(input.graph, set, "final").program;
  return whole.ok && differences(input, footprintOf(whole.value, isa)).length === 0 ? whole : program;
}

function arduinoParts({ candidate, licence }: EmitInput, prefix: string, sizes: Footprint): ArduinoParts {
  const { file: model } = candidate;
  return { prefix, model, licence, ramBytes: sizes.arenaBytes + sizes.stackBoundBytes, flashBytes: sizes.constantBytes + sizes.code.expected };
}

interface Parts {
  readonly input: EmitInput;
  readonly program: Program;
  readonly prefix: string;
  readonly isa: string;
  readonly sizes: Footprint;
  readonly files: readonly BundleFile[];
}

function bundleOf({ input, program, prefix, isa, sizes, files }: Parts): Bundle {
  const calls = new Map<string, number>();
  for (const { kernel } of program.layers) calls.set(`calls.${kernel}`, (calls.get(`calls.${kernel}`) ?? 0) + 1);
  return sealBundle(input, {
    files,
    promises: {
      prefix, isa, arenaBytes: sizes.arenaBytes, staticBytes: sizes.arenaBytes, constantBytes: sizes.constantBytes,
      codeBytes: sizes.code.expected, codeToleranceBytes: CODE_TOLERANCE_BYTES, stackBytesBound: sizes.stackBoundBytes,
      macs: workOf(program).macs, layers: program.layers.length, ...Object.fromEntries([...calls].sort()),
    },
  });
}

/** The plan rests on `facts`: a product that needs more than they say would break it. Proofs on final numbers may save some. */
function differences(input: EmitInput, sizes: Footprint): readonly Diagnostic[] {
  const bill = (region: "ram" | "flash"): readonly BillItem[] => input.facts.memory.find((each) => each.region === region)?.items ?? [];
  const promised = [
    { name: "arena", bytes: sizes.arenaBytes, planned: bill("ram").find(({ name }) => name === "arena")?.bytes },
    { name: "constants", bytes: sizes.constantBytes, planned: bill("flash").length === 0 ? undefined : bill("flash").filter(({ name }) => name !== "code").reduce((sum, { bytes }) => sum + bytes, 0) },
  ];
  return promised.flatMap(({ name, bytes, planned }) => {
    if (planned !== undefined && bytes <= planned) return [];
    return [{
      code: "FACTS_STALE", severity: "error" as const, summary: `The ${name} need more than was planned`, subject: { kind: "target" as const, target: input.candidate.target },
      found: `${bytes} bytes`, expected: planned === undefined ? "no such item in the facts" : `at most ${planned} bytes`,
      fix: "Plan again: the facts belong to another model, precision or version of this runtime.",
    }];
  });
}
