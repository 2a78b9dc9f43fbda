import type { BundleFile } from "@edgewise/adapter";
import { elementCount } from "@edgewise/graph";
import { perTensor } from "@edgewise/graph/ops";
import type { Program } from "../program.ts";
import { textFile } from "./library.ts";
import { inComment } from "./names.ts";
import { type SelfTestVector, renderRow } from "./selftest-file.ts";

export interface ExampleParts {
  readonly program: Program;
  readonly prefix: string;
  readonly labels: readonly string[];
  /** Outputs in front of the first label. */
  readonly labelOffset: number;
  /** The pair of bytes that the examples run and compare; null: they run the input's zero and compare nothing. */
  readonly golden: SelfTestVector | null;
}

/** Name of the sketch and, as Arduino asks, of its folder. */
export const SKETCH = "RunNetwork";

/** Outputs or labels listed at most: more would not be read. */
const SHOWN_ROWS = 16;

/** An example main for a console and a sketch for Arduino, around the same golden vector. */
export function exampleFiles(parts: ExampleParts): readonly BundleFile[] {
  const { golden } = parts;
  return [
    textFile("examples/main.c", renderMain(parts)),
    textFile(`examples/${SKETCH}/${SKETCH}.ino`, renderSketch(parts)),
    ...(golden === null ? [] : [textFile(`examples/${SKETCH}/golden.h`, renderGolden(parts.prefix, golden))]),
  ];
}

function renderGolden(prefix: string, { name, input, output }: SelfTestVector): string {
  const upper = prefix.toUpperCase();
  const array = (of: string, values: Int8Array): string => `static const int8_t ${prefix}_golden_${of}[${upper}_${of.toUpperCase()}_BYTES] =\n${renderRow(values).replace(/,$/, ";")}\n`;
  return `/* Golden vector ${inComment(name)}: raw int8 in and out, from the reference interpreter. */
#ifndef ${upper}_GOLDEN_H
#define ${upper}_GOLDEN_H

#include <${prefix}.h>

${array("input", input)}
${array("output", output)}
#endif
`;
}

function renderMain(parts: ExampleParts): string {
  const { prefix, golden } = parts;
  const upper = prefix.toUpperCase();
  const include = golden === null ? "" : `#include "${SKETCH}/golden.h"\n`;
  return `/* Runs the network once${golden === null ? "" : " on a golden vector"} and prints its output as real numbers. */
#include "${prefix}.h"
${include}
#include <stdio.h>

int main(void)
{
${golden === null ? "" : "    long wrong = 0;\n\n"}    for (long k = 0; k < ${upper}_INPUT_BYTES; k++) ${prefix}_input()[k] = ${enters(parts)};
    ${prefix}_run();

${golden === null ? consoleUnverified : consoleVerdict(prefix)}${consoleRows(parts)}    return ${golden === null ? "0" : "wrong == 0 ? 0 : 1"};
}
`;
}

const consoleUnverified = `    printf("RAN: there is no golden vector to compare with\\n");\n`;

function consoleVerdict(prefix: string): string {
  const upper = prefix.toUpperCase();
  return `    for (long k = 0; k < ${upper}_OUTPUT_BYTES; k++) wrong += ${prefix}_output()[k] != ${prefix}_golden_output[k];
    printf("%s: %ld of %ld output bytes differ from the golden vector\\n", wrong == 0 ? "PASS" : "FAIL", wrong, (long)${upper}_OUTPUT_BYTES);
`;
}

function consoleRows(parts: ExampleParts): string {
  const { prefix, labels } = parts;
  const rows = shownRows(parts);
  const digits = digitsOf(parts.program);
  const answer = labels.length === 0 ? "" : `    printf("answer: %s\\n", ${prefix}_labels[${prefix}_best()]);\n`;
  const list = rows === 0 ? "" : `    for (int k = 0; k < ${rows}; k++) printf("${labels.length === 0 ? "output %d" : "%s"}: %.${digits}f\\n", ${labels.length === 0 ? "k" : `${prefix}_labels[k]`}, ${real(parts)});\n`;
  return answer + list;
}

function renderSketch(parts: ExampleParts): string {
  const { prefix, golden } = parts;
  const upper = prefix.toUpperCase();
  return `/* Runs the network${golden === null ? "" : " on a golden vector, compares every byte,"} and prints its output as real numbers and the time of a run. */
#include <${prefix}.h>
${golden === null ? "" : `#include "golden.h"\n`}
void setup()
{
    Serial.begin(115200);
}

void loop()
{
    for (long k = 0; k < ${upper}_INPUT_BYTES; k++) ${prefix}_input()[k] = ${enters(parts)};
    const unsigned long before = micros();
    ${prefix}_run();
    const unsigned long taken = micros() - before;

${golden === null ? sketchUnverified : sketchVerdict(prefix)}${sketchRows(parts)}    Serial.print("one run: ");
    Serial.print(taken);
    Serial.println(" us");
    delay(2000);
}
`;
}

const sketchUnverified = `    Serial.println("RAN: there is no golden vector to compare with");\n`;

function sketchVerdict(prefix: string): string {
  const upper = prefix.toUpperCase();
  return `    long wrong = 0;
    for (long k = 0; k < ${upper}_OUTPUT_BYTES; k++) wrong += ${prefix}_output()[k] != ${prefix}_golden_output[k];
    Serial.print(wrong == 0 ? "PASS: " : "FAIL: ");
    Serial.print(wrong);
    Serial.print(" of ");
    Serial.print((long)${upper}_OUTPUT_BYTES);
    Serial.println(" output bytes differ from the golden vector");
`;
}

function sketchRows(parts: ExampleParts): string {
  const { prefix, labels } = parts;
  const rows = shownRows(parts);
  const answer = labels.length === 0 ? "" : `    Serial.print("answer: ");\n    Serial.println(${prefix}_labels[${prefix}_best()]);\n`;
  const name = labels.length === 0 ? `        Serial.print("output ");\n        Serial.print(k);\n` : `        Serial.print(${prefix}_labels[k]);\n`;
  const list = rows === 0 ? "" : `    for (int k = 0; k < ${rows}; k++) {
${name}        Serial.print(": ");
        Serial.println(${real(parts)}, ${digitsOf(parts.program)});
    }
`;
  return answer + list;
}

function enters({ prefix, golden }: ExampleParts): string {
  return golden === null ? `${prefix.toUpperCase()}_INPUT_ZERO_POINT` : `${prefix}_golden_input[k]`;
}

/** Real value of the k-th label's output, or of output k. */
function real({ prefix, labels, labelOffset }: ExampleParts): string {
  const upper = prefix.toUpperCase();
  const index = labels.length > 0 && labelOffset > 0 ? `k + ${labelOffset}` : "k";
  return `${upper}_OUTPUT_SCALE * (${prefix}_output()[${index}] - ${upper}_OUTPUT_ZERO_POINT)`;
}

/** Rows of the list: none where there are more labels than one reads, since the answer stands above it. */
function shownRows({ program, labels }: ExampleParts): number {
  if (labels.length > SHOWN_ROWS) return 0;
  return labels.length > 0 ? labels.length : Math.min(SHOWN_ROWS, elementCount(program.output.shape));
}

/** Decimals that tell neighbouring outputs apart. */
function digitsOf(program: Program): number {
  return Math.min(9, Math.max(1, 1 - Math.floor(Math.log10(perTensor(program.output.quant).scale))));
}
