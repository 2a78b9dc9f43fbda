import { expect, test } from "vitest";
import { describeTflite } from "./describe.ts";
import { tfliteFile } from "./testing/tflite-file.ts";

const file = tfliteFile({
  tensors: [
    { name: "x", type: "uint8", shape: [1, 2], scale: [0.5], zeroPoint: [128] },
    { name: "w", type: "int8", shape: [3, 2], data: [1, 2, 3, 4, 5, 6], scale: [1, 2, 3], zeroPoint: [0, 0, 0] },
    { name: "y", type: "uint8", shape: [1, 3], scale: [0.25], zeroPoint: [7] },
  ],
  operators: [{ op: "FULLY_CONNECTED", inputs: [0, 1, -1], outputs: [2] }],
  inputs: [0], outputs: [2],
});

test("a file is described in its own types, with nothing converted", () => {
  expect(describeTflite(file, { file: "m.tflite" })).toMatchObject({
    ok: true,
    value: {
      tensors: [
        { name: "x", type: "UINT8", shape: [1, 2], scale: [0.5], zeroPoint: [128], bytes: null },
        { name: "w", type: "INT8", shape: [3, 2], scale: [1, 2, 3], bytes: 6 },
        { name: "y", type: "UINT8", zeroPoint: [7], bytes: null },
      ],
      operators: [{ op: "FULLY_CONNECTED", inputs: [0, 1, -1], outputs: [2] }], inputs: [0], outputs: [2],
    },
  });
});

test("bytes cut off anywhere are described or refused, never thrown at", () => {
  expect(describeTflite(new Uint8Array(3), { file: "m" })).toMatchObject({ ok: false, errors: [{ code: "TFLITE_NOT_A_MODEL" }] });
  for (let length = 0; length < file.length; length += 3) {
    const described = describeTflite(file.slice(0, length), { file: "m" });
    if (!described.ok) expect(described.errors[0]?.code).toMatch(/^TFLITE_/);
  }
});
