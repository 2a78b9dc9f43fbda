import { defineConfig } from "vitest/config";

// The one default export: vitest demands it of its configuration file.
export default defineConfig({
  resolve: { conditions: ["@edgewise/source"] },
  ssr: { resolve: { conditions: ["@edgewise/source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts", "examples/*/*.test.ts", "bench/**/*.test.ts", "conformance/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "threads",
    maxWorkers: 2,
  },
});
