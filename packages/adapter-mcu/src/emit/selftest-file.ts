import type { Program } from "../program.ts";

/** One pair of bytes in the order in which they lie in the arena. */
export interface SelfTestVector {
  readonly name: string;
  readonly input: Int8Array;
  readonly output: Int8Array;
}

/**
 * Golden vectors and the function that runs them, byte for byte; and, unless <PREFIX>_SELFTEST_NO_MAIN is defined, a
 * program around it that prints PASS or FAIL and exits with 0 or 1. The function needs no library: call it on the device.
 */
export function renderSelfTest(program: Program, prefix: string, vectors: readonly SelfTestVector[]): string {
  const upper = prefix.toUpperCase();
  return `/* Golden vectors, raw int8 in and out, from the reference interpreter. */
#include "${prefix}.h"

#define VECTORS ${vectors.length}

int ${prefix}_selftest(void);

static const int8_t inputs[VECTORS][${upper}_INPUT_BYTES] = {
${vectors.map(({ input }) => renderRow(input)).join("\n")}
};

static const int8_t outputs[VECTORS][${upper}_OUTPUT_BYTES] = {
${vectors.map(({ output }) => renderRow(output)).join("\n")}
};

/* Number of vectors whose output differs in any byte. */
int ${prefix}_selftest(void)
{
    int failures = 0;

    for (int v = 0; v < VECTORS; v++) {
        int wrong = 0;
        for (int k = 0; k < ${upper}_INPUT_BYTES; k++) ${prefix}_input()[k] = inputs[v][k];
        ${prefix}_run();
        for (int k = 0; k < ${upper}_OUTPUT_BYTES; k++) wrong += ${prefix}_output()[k] != outputs[v][k];
        failures += wrong != 0;
    }
    return failures;
}

#ifndef ${upper}_SELFTEST_NO_MAIN
#include <stdio.h>

int main(void)
{
    const int failures = ${prefix}_selftest();
    printf("%s: %d of %d golden vectors differ\\n", failures == 0 ? "PASS" : "FAIL", failures, VECTORS);
    return failures == 0 ? 0 : 1;
}
#endif
`;
}

const LINE_CHARACTERS = 118;

/** One brace-enclosed row of values, with a comma behind it. */
export function renderRow(values: Int8Array): string {
  const lines: string[] = [];
  let line = "    {";
  for (const value of values) {
    const text = `${value},`;
    if (line.length + text.length > LINE_CHARACTERS) {
      lines.push(line);
      line = "     ";
    }
    line += text;
  }
  return [...lines, `${line}},`].join("\n");
}
