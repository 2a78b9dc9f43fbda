import { join } from "node:path";
import { runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { emit } from "./emit.ts";
import { SKETCH } from "./emit/example-files.ts";
import type { KernelSet } from "./isa/specialize.ts";
import { inFolder, writeBundle } from "./testing/bundle-folder.ts";
import { labelledEmitInput } from "./testing/labelled-case.ts";
import { valueOrThrow } from "./testing/quantized-case.ts";

const stub = join(import.meta.dirname, "testing/arduino-stub");
const present = await runProcess("arm-none-eabi-g++", ["--version"]).then(({ code }) => code === 0, () => false);

const boards: readonly (readonly [family: KernelSet, isa: string, core: string])[] = [
  ["portable", "armv7-m", "cortex-m3"], ["thumb", "armv6-m", "cortex-m0plus"], ["dsp", "armv7e-m", "cortex-m4"], ["dsp", "armv7e-m", "cortex-m0plus"],
];

describe.skipIf(!present)(`an Arduino library for Arm${present ? "" : " (needs arm-none-eabi-g++)"}`, () => {
  test.each(boards)("of %s kernels for %s compiles and links for %s, assembly where the core has it", async (family, isa, core) => {
    const bundle = valueOrThrow(await emit(labelledEmitInput({ backend: family, isa })));
    const sources = bundle.files.map(({ path }) => path).filter((path) => /^src\/.*\.[cS]$/.test(path)).map((path) => join("..", path));
    const flags = [`-mcpu=${core}`, "-mthumb", "-Os", "-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra", "-Werror", "-I../src"];
    await inFolder(async (folder) => {
      await writeBundle(join(folder, "net"), bundle.files);
      await writeBundle(join(folder, "net"), [{ path: "core/empty", bytes: new Uint8Array() }]);
      const cwd = join(folder, "net", "core");
      const steps = [
        ["arm-none-eabi-gcc", "-c", "-std=gnu11", ...flags, ...sources],
        ["arm-none-eabi-g++", "-c", "-std=gnu++11", "-fno-exceptions", "-fno-rtti", ...flags, `-I${stub}`, "-include", "Arduino.h", "-x", "c++", `../examples/${SKETCH}/${SKETCH}.ino`, join(stub, "core.cpp")],
        ["sh", "-c", `arm-none-eabi-gcc -mcpu=${core} -mthumb --specs=rdimon.specs -Wl,--gc-sections -o firmware.elf *.o`],
      ] as const;
      for (const [program, ...args] of steps) {
        const { code, stderr } = await runProcess(program, args, { cwd });
        expect({ program, code, stderr }).toMatchObject({ code: 0 });
      }
    });
  }, 60_000);
});
