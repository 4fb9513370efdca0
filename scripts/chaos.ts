/** `npm run chaos -- --minutes N --seed S [--server NAME]`: test/scenarios/storm.test.ts for as long as is wanted. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    server: { type: "string" },
  },
});
const { minutes, seed, server } = values;
if (![minutes, seed].every((text) => Number.isFinite(Number(text)) && Number(text) > 0)) {
  process.stderr.write("--minutes and --seed take a number above 0.\n");
  process.exit(2);
}
process.stderr.write(`${minutes} minutes on each server, seed ${seed}.\n`);
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const only = server === undefined ? [] : ["-t", `^${server} `];
const { status } = spawnSync(process.execPath, [vitest, "run", "test/scenarios/storm.test.ts", ...only], {
  stdio: "inherit",
  env: {
    ZMIGRATE_TEST_CLIENT_PAUSE_MS: "2",
    ...process.env,
    ZMIGRATE_CHAOS_MINUTES: minutes,
    ZMIGRATE_CHAOS_SEED: seed,
  },
});
process.exitCode = status ?? 1;
