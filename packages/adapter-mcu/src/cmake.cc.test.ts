import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { readSource } from "./check/source.ts";
import { emit } from "./emit.ts";
import { inFolder, writeBundle } from "./testing/bundle-folder.ts";
import { labelledEmitInput } from "./testing/labelled-case.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

const present = await runProcess("cmake", ["--version"]).then(({ code }) => code === 0, () => false);

async function run(cwd: string, [program = "", ...args]: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProcess(program, args, { cwd });
  const said = Buffer.from(stdout).toString("utf8");
  expect({ program, args, code, said, stderr }).toMatchObject({ code: 0 });
  return said;
}

/** The commands of the guide's CMake part: the indented lines that are no CMake code. */
function commandsOf(readme: string): readonly (readonly string[])[] {
  const part = /^## CMake\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
  return [...part.matchAll(/^ {4}((?:cmake|ctest) .*)$/gm)].map(([, line = ""]) => line.split(" "));
}

describe.skipIf(!present)(`the bundle's build file${present ? "" : " (needs cmake)"}`, () => {
  test.each([[2, 2], [0, 1]])("configures, builds and passes its own tests with %d vectors, by the guide's own commands", async (vectors, tests) => {
    const bundle = valueOrThrow(await emit(randomEmitInput(9, { vectors })));
    const commands = commandsOf(readSource(bundle.files.find(({ path }) => path === "README.md")));
    expect(commands).toHaveLength(3);
    await inFolder(async (folder) => {
      await writeBundle(folder, bundle.files);
      let last = "";
      for (const command of commands) last = await run(folder, command);
      expect(last).toContain(`100% tests passed, 0 tests failed out of ${tests}`);
      expect(await run(folder, ["build/net_example"])).toMatch(vectors > 0 ? /^PASS: 0 of \d+ output bytes differ/ : /^RAN: /);
    });
  }, 60_000);

  test("as a folder of another project it is the library alone", async () => {
    const bundle = valueOrThrow(await emit(labelledEmitInput()));
    await inFolder(async (folder) => {
      await writeBundle(join(folder, "net"), bundle.files);
      await mkdir(join(folder, "app"));
      await writeFile(join(folder, "app/main.cpp"), "#include <net.h>\n\nint main()\n{\n    net_run();\n    return net_best() < NET_LABEL_COUNT ? 0 : 1;\n}\n");
      await writeFile(join(folder, "CMakeLists.txt"), "cmake_minimum_required(VERSION 3.13)\nproject(app C CXX)\nadd_subdirectory(net)\nadd_executable(app app/main.cpp)\ntarget_link_libraries(app PRIVATE net)\n");
      await run(folder, ["cmake", "-B", "build"]);
      await run(folder, ["cmake", "--build", "build"]);
      await run(folder, ["build/app"]);
      const targets = await run(folder, ["cmake", "--build", "build", "--target", "help"]);
      expect(targets).not.toMatch(/net_selftest|net_example/);
      expect(await run(folder, ["grep", "^CMAKE_BUILD_TYPE", "build/CMakeCache.txt"])).toMatch(/^CMAKE_BUILD_TYPE:\w+=\n$/);
    });
  }, 60_000);
});
