import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/served/**/*.test.ts"],
    environment: "node",
    watch: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
