import type { BundleFile } from "@edgewise/adapter";

/**
 * A static library, an example main and, where the bundle has one, the self-test; works with any toolchain file. As part of
 * another project (add_subdirectory) it is the library alone, and leaves that project's build type as it is.
 */
export function renderCMake(prefix: string, files: readonly BundleFile[]): string {
  const sources = files.map(({ path }) => path).filter((path) => path.startsWith("src/") && /\.[cS]$/.test(path)).sort();
  const tested = files.some(({ path }) => path.startsWith("selftest/"));
  const upper = prefix.toUpperCase();
  return `# Native:  cmake -B build -D${upper}_EXAMPLE=ON && cmake --build build && ctest --test-dir build
# Cross:   add -DCMAKE_TOOLCHAIN_FILE=<yours>${tested ? `, and -D${upper}_SELFTEST=OFF where there is no console` : ""}.
# Inside another project:  add_subdirectory(<this folder>) and target_link_libraries(<yours> PRIVATE ${prefix})
cmake_minimum_required(VERSION 3.13)
project(${prefix} ${sources.some((path) => path.endsWith(".S")) ? "C ASM" : "C"})

string(COMPARE EQUAL "\${CMAKE_SOURCE_DIR}" "\${CMAKE_CURRENT_SOURCE_DIR}" ${upper}_ALONE)
if(${upper}_ALONE AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(${prefix} STATIC
${sources.map((path) => `  ${path}`).join("\n")}
)
target_include_directories(${prefix} PUBLIC include PRIVATE src)
set_target_properties(${prefix} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
if(NOT MSVC)
  target_compile_options(${prefix} PRIVATE -O2 -ffunction-sections -fdata-sections)
endif()
${tested ? programPart(prefix, { name: "selftest", source: `selftest/${prefix}_selftest.c`, says: "Build the golden self-test", byDefault: `\${${upper}_ALONE}` }) : ""}${programPart(prefix, { name: "example", source: "examples/main.c", says: "Build the example main", byDefault: "OFF" })}`;
}

interface ProgramPart {
  readonly name: string;
  readonly source: string;
  readonly says: string;
  readonly byDefault: string;
}

/** A program beside the library that is built when its option is on, and run by ctest: it exits with 0 when all is well. */
function programPart(prefix: string, { name, source, says, byDefault }: ProgramPart): string {
  const option = `${prefix.toUpperCase()}_${name.toUpperCase()}`;
  const target = `${prefix}_${name}`;
  return `
option(${option} "${says}" ${byDefault})
if(${option})
  enable_testing()
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE ${prefix})
  set_target_properties(${target} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  add_test(NAME ${target} COMMAND ${target})
endif()
`;
}
