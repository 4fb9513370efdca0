import { expect, it } from "vitest";
import { readGates } from "../../src/config/gates.js";
import { command } from "../../src/gates/command.js";
import type { GateContext } from "../../src/gates/gate.js";

const node = (code: string) => [process.execPath, "-e", code];

const check = (given: unknown, release: string | null = "7") => {
  const settings = readGates("zmigrate.config.json", { command: given } as Parameters<typeof readGates>[1], {});
  return command.check({ settings, record: { id: "20260101000000" }, stage: "swap", release } as GateContext);
};

it("is open for a program that ends with 0, and closed for any other end", async () => {
  expect(await check({ run: node(""), name: "canary" })).toMatchObject({
    state: "open",
    reason: "canary ended with 0",
  });
  expect(await check({ run: node("process.exit(3)"), name: "canary" })).toMatchObject({
    state: "closed",
    reason: "canary ended with 3",
    evidence: { checks: [{ state: "closed", name: "canary", exitCode: 3 }] },
  });
  expect(await check([{ run: node("") }, { run: node("process.exit(1)") }])).toMatchObject({ state: "closed" });
});

it("is unknown for one that does not start, does not end, or is ended", async () => {
  expect(await check({ run: ["./no-such-program"] })).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining("cannot be started (ENOENT)"),
  });
  expect(await check({ run: node("setTimeout(() => 0, 60_000)"), name: "slow", timeout: "300ms" })).toMatchObject({
    state: "unknown",
    reason: "slow gives no answer within 0.3 s",
  });
  // What it prints, and what it leaves running, is not waited for.
  expect(await check({ run: ["sh", "-c", "sleep 60 & exit 0"], name: "left" })).toMatchObject({ state: "open" });
  expect(await check({ run: node(""), timeout: "30d" })).toMatchObject({ state: "open" });
  const ended = await check({ run: node("process.kill(process.pid, 'SIGKILL')"), name: "gone" });
  expect(ended).toMatchObject({ state: "unknown", reason: "gone was ended by SIGKILL" });
});

it("tells it what is about to be contracted, and not where the database is; what it prints is nobody's", async () => {
  const env = ["MIGRATION", "STAGE", "RELEASE", "DATABASE_URL"].map((name) => `process.env.ZMIGRATE_${name}`);
  process.env.DATABASE_URL = "postgres://me:s3cret@db/shop";
  try {
    const code = `console.log("s3cret".repeat(1e6)); process.exit(String([${env},process.env.DATABASE_URL]) === "20260101000000,swap,7,," ? 0 : 1)`;
    const said = await check({ run: node(code), name: "told" });
    expect(said).toMatchObject({ state: "open" });
    expect(JSON.stringify(said)).not.toContain("s3cret");
  } finally {
    delete process.env.DATABASE_URL;
  }
});

it("passes arguments as they are, without a shell, and asks nothing where none is configured", async () => {
  const code = 'process.exit(process.argv[1] === "$(exit 9); a b" ? 0 : 1)';
  expect(await check({ run: [...node(code), "$(exit 9); a b"] })).toMatchObject({ state: "open" });
  expect(await command.check({ settings: { env: {} } } as GateContext)).toBeNull();
  for (const run of [[], [""], ["a\0b"]]) expect(() => check({ run })).toThrow(/gates\.command/);
});
