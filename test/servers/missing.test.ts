import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

/** Runs the fixture where the only PostgreSQL that it may use does not answer. */
async function runFixture(ci: string): Promise<{ readonly exit: number; readonly output: string }> {
  const url = "postgres://postgres:hidden-word@127.0.0.1:1/postgres";
  const child = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "test/servers/fixtures/vitest.config.ts"],
    {
      env: { PATH: process.env.PATH ?? "", CI: ci, NO_COLOR: "1", ZMIGRATE_TEST_POSTGRES_URL: url },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [exit]: number[] = await once(child, "close");
  return { exit: exit ?? -1, output: Buffer.concat(chunks).toString() };
}

it("skips, counts and names the tests whose server is missing, in the last lines", async () => {
  const { exit, output } = await runFixture("");
  expect(exit).toBe(0);
  expect(output).toContain("1 passed | 1 skipped");
  const last = output.trimEnd().split("\n").slice(-3);
  expect(last[0]).toBe("1 tests were not run, because a server is missing:");
  expect(last[1]).toBe("  test/servers/fixtures/needs-postgres.ts > postgres > needs the server");
  expect(last[2]).toMatch(/^missing: postgres: .*ECONNREFUSED/);
});

it("fails the run under CI, and prints no password", async () => {
  const { exit, output } = await runFixture("true");
  expect(exit).toBe(1);
  expect(output).toContain("postgres is there, as CI promises");
  expect(output).not.toContain("hidden-word");
});
