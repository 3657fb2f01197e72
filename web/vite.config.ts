import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts", "client/**/*.test.ts", "widget/**/*.test.ts", "glassbox/**/*.test.ts"],
    // Tests against a running server are started by the Python suite, which starts one: tests/web/test_client.py.
    exclude: ["tests/served/**", "node_modules/**"],
    environment: "node",
    // Files share what was loaded, which halves the computing: hardly any module remembers anything.
    isolate: false,
    watch: false,
  },
});
