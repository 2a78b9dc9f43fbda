import { describe, expect, test } from "vitest";
import { readSource } from "../check/source.ts";
import { lowerGraph } from "../lower.ts";
import { labelledEmitInput, labels, LABEL_OFFSET } from "../testing/labelled-case.ts";
import { valueOrThrow } from "../testing/quantized-case.ts";
import { type ExampleParts, exampleFiles } from "./example-files.ts";

const program = valueOrThrow(lowerGraph(labelledEmitInput().graph, "portable").program);
const golden = { name: "frame */ 7", input: Int8Array.of(1, -128), output: Int8Array.of(127) };
const parts: ExampleParts = { program, prefix: "net", labels, labelOffset: LABEL_OFFSET, golden };

/** Text by path. */
function texts(of: ExampleParts): Readonly<Record<string, string>> {
  return Object.fromEntries(exampleFiles(of).map((file) => [file.path, readSource(file)]));
}

describe("examples of a bundle", () => {
  test("share one golden vector", () => {
    const files = texts(parts);
    expect(Object.keys(files)).toEqual(["examples/main.c", "examples/RunNetwork/RunNetwork.ino", "examples/RunNetwork/golden.h"]);
    expect(files["examples/main.c"]).toContain('#include "RunNetwork/golden.h"');
    expect(files["examples/RunNetwork/RunNetwork.ino"]).toContain('#include "golden.h"');
    expect(files["examples/RunNetwork/golden.h"]).toBe(`/* Golden vector frame * / 7: raw int8 in and out, from the reference interpreter. */
#ifndef NET_GOLDEN_H
#define NET_GOLDEN_H

#include <net.h>

static const int8_t net_golden_input[NET_INPUT_BYTES] =
    {1,-128,};

static const int8_t net_golden_output[NET_OUTPUT_BYTES] =
    {127,};

#endif
`);
  });

  test("without a golden vector promise nothing", () => {
    const files = texts({ ...parts, golden: null });
    expect(Object.keys(files)).toHaveLength(2);
    for (const text of Object.values(files)) {
      expect(text).toContain("= NET_INPUT_ZERO_POINT;");
      expect(text).not.toMatch(/golden\.h|PASS|FAIL|wrong/);
    }
  });

  test("list every class and its score, or the answer alone where classes are many", () => {
    for (const text of [texts(parts)["examples/main.c"], texts(parts)["examples/RunNetwork/RunNetwork.ino"]]) {
      expect(text).toContain(`k < ${labels.length};`);
      expect(text).toContain("net_output()[k + 1]");
    }
    const many = texts({ ...parts, labels: Array.from({ length: 17 }, (_, k) => `class ${k}`) });
    for (const path of ["examples/main.c", "examples/RunNetwork/RunNetwork.ino"]) {
      expect(many[path]).toContain("net_labels[net_best()]");
      expect(many[path]).not.toContain("NET_OUTPUT_SCALE");
    }
  });

  test("list outputs by number where they have no names", () => {
    const files = texts({ ...parts, labels: [], labelOffset: 0 });
    for (const path of ["examples/main.c", "examples/RunNetwork/RunNetwork.ino"]) {
      expect(files[path]).toContain("k < 5;");
      expect(files[path]).toContain("net_output()[k]");
      expect(files[path]).not.toContain("net_labels");
    }
  });
});
