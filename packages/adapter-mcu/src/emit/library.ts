import { type BundleFile, encodeUtf8 } from "@edgewise/adapter";
import { renderForwardHeader } from "./arduino-files.ts";
import { type HeaderParts, pictureTables, renderHeader } from "./header-file.ts";
import { renderAssembly, renderKernel, renderKernelHeader, usedKernels, withPrefix } from "./kernel-files.ts";
import { stringLiteral } from "./names.ts";
import { renderRun } from "./run-file.ts";
import { renderWeights, renderWeightsHeader } from "./weights-file.ts";

/** The C library of a program: public header, network, weights, and the kernels it calls. Unsorted. */
export function libraryFiles(parts: HeaderParts): readonly BundleFile[] {
  const { program, prefix } = parts;
  const used = usedKernels(program);
  return [
    textFile(`include/${prefix}.h`, renderHeader(parts)),
    textFile(`src/${prefix}.h`, renderForwardHeader(prefix)),
    textFile(`src/${prefix}.c`, renderRun(program, prefix)),
    textFile(`src/${prefix}_weights.c`, renderWeights(program, prefix)),
    textFile(`src/${prefix}_weights.h`, renderWeightsHeader(program, prefix)),
    textFile(`src/${prefix}_kernels.h`, renderKernelHeader(used, prefix)),
    ...used.map((kernel) => textFile(`src/${prefix}_${kernel.name}.c`, renderKernel(kernel, prefix))),
    ...used.flatMap((kernel) => {
      const assembly = renderAssembly(kernel, prefix);
      return assembly === null ? [] : [textFile(`src/${prefix}_${kernel.name}_inner.S`, assembly)];
    }),
    ...tableFiles(parts),
  ];
}

/** Sources that a linker leaves out when the application does not use them. */
function tableFiles({ prefix, labels, pixels }: HeaderParts): readonly BundleFile[] {
  const files: BundleFile[] = [];
  if (labels.length > 0) files.push(textFile(`src/${prefix}_labels.c`, renderLabels(prefix, labels)));
  if (pixels?.kind === "table") files.push(textFile(`src/${prefix}_pixels.c`, renderPixels(prefix, pictureTables(pixels.perChannel))));
  return files;
}

function renderLabels(prefix: string, labels: readonly string[]): string {
  return withPrefix(`/* Names of the classes, in the order of the output after its label offset. */
#include "${prefix}.h"

const char *const ew_labels[${prefix.toUpperCase()}_LABEL_COUNT] = {
${labels.map((label) => `    ${stringLiteral(label)},`).join("\n")}
};
`, prefix);
}

function renderPixels(prefix: string, tables: readonly Int8Array[]): string {
  const rows = tables.map((table) => `    {${Array.from(table).join(",").replaceAll(/(.{1,110}),/g, "$1,\n     ")}},`);
  return withPrefix(`/* 8-bit picture values as the network takes them. */
#include "${prefix}.h"

const int8_t ew_pixel_table[${tables.length}][256] = {
${rows.join("\n")}
};
`, prefix);
}

export function textFile(path: string, text: string): BundleFile {
  return { path, bytes: encodeUtf8(text) };
}

