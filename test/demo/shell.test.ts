import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type ShellOptions, shell } from "../../src/demo/shell.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-shell-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program in the place of the command line. */
function options(program: string, signal = new AbortController().signal): ShellOptions & { lines: string[] } {
  const cli = join(folder, "cli.mjs");
  writeFileSync(cli, program);
  const lines: string[] = [];
  return { cli, cwd: folder, databaseUrl: "postgres://x", output: 2, echo: (line) => lines.push(line), signal, lines };
}

it("echoes what it runs, in its folder, with the database and without the user's own settings", async () => {
  vi.stubEnv("ZMIGRATE_MAX_LAG", "1ms");
  const given = options(`import { writeFileSync } from "node:fs";
    const { DATABASE_URL, ZMIGRATE_MAX_LAG } = process.env;
    writeFileSync("seen", JSON.stringify([process.argv.slice(2), DATABASE_URL, ZMIGRATE_MAX_LAG ?? null]))`);
  await shell(given).zmigrate(["apply", "--release", "1"]);
  expect(given.lines).toEqual(["zmigrate apply --release 1"]);
  expect(JSON.parse(readFileSync(join(folder, "seen"), "utf8"))).toEqual([
    ["apply", "--release", "1"],
    "postgres://x",
    null,
  ]);
});

it("fails on another exit code than the expected one", async () => {
  const commands = shell(options("process.exitCode = 1"));
  await commands.zmigrate(["lint"], 1);
  await expect(commands.zmigrate(["plan"])).rejects.toMatchObject({
    code: "demo-failed",
    data: { command: "zmigrate plan", code: 1, expected: 0 },
  });
});

it("ends the running command when it is aborted, and starts no other", async () => {
  const controller = new AbortController();
  const given = options("setInterval(() => {}, 1000)", controller.signal);
  const running = shell(given).zmigrate(["apply"]);
  setTimeout(() => controller.abort(new Error("stop")), 200);
  await expect(running).rejects.toThrow("stop");
  await expect(shell(given).zmigrate(["status"])).rejects.toThrow("stop");
  expect(given.lines).toEqual(["zmigrate apply"]);
});
