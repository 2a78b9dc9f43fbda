import type { BundleFile } from "@edgewise/adapter";

/** A static library and, where the bundle has one, the self-test; works with any toolchain file. */
export function renderCMake(prefix: string, files: readonly BundleFile[]): string {
  const sources = files.map(({ path }) => path).filter((path) => path.startsWith("src/") && /\.[cS]$/.test(path)).sort();
  const tested = files.some(({ path }) => path.startsWith("selftest/"));
  return `# Native:  cmake -B build && cmake --build build && ctest --test-dir build
# Cross:   add -DCMAKE_TOOLCHAIN_FILE=<yours>, and -D${prefix.toUpperCase()}_SELFTEST=OFF where there is no console.
cmake_minimum_required(VERSION 3.13)
project(${prefix} ${sources.some((path) => path.endsWith(".S")) ? "C ASM" : "C"})

if(NOT CMAKE_BUILD_TYPE)
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
${tested ? selfTestPart(prefix) : ""}`;
}

function selfTestPart(prefix: string): string {
  return `
option(${prefix.toUpperCase()}_SELFTEST "Build the golden self-test" ON)
if(${prefix.toUpperCase()}_SELFTEST)
  enable_testing()
  add_executable(${prefix}_selftest selftest/${prefix}_selftest.c)
  target_link_libraries(${prefix}_selftest PRIVATE ${prefix})
  set_target_properties(${prefix}_selftest PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  add_test(NAME ${prefix}_selftest COMMAND ${prefix}_selftest)
endif()
`;
}
