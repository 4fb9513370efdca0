import { defineConfig } from "vitest/config";
import { missingServers } from "./test/servers/reporter.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/servers/global-setup.ts"],
    // The last one speaks last.
    reporters: ["default", missingServers],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores carry the servers as well; a third worker uses the time in which others wait.
    maxWorkers: 3,
    // As the program itself: see `compileOnce`.
    execArgv: ["--liftoff-only"],
    // Files share what they import: no test replaces a module, and loading all of it anew for each takes a minute.
    isolate: false,
    // So a variable that one test sets must not be seen by the next.
    unstubEnvs: true,
  },
});
