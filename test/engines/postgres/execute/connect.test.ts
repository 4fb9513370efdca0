import { expect, it } from "vitest";
import { openSession, targetOf, versionOf } from "../../../../src/engines/postgres/execute/connect.js";
import { reset } from "../../../../src/engines/postgres/execute/run.js";
import { describeServer } from "../../../servers/index.js";

const options = { connectTimeoutMs: 2_000, applicationName: "test" };

it("names a target without user and password", () => {
  expect(targetOf("postgres://app:s3cret@db.example:6432/shop")).toBe("db.example:6432/shop");
  expect(targetOf("postgres:///shop?host=/run/postgresql")).toBe("/run/postgresql:5432/shop");
});

it("refuses what is no URL of PostgreSQL, and shows nothing of it", async () => {
  for (const url of [
    "postgres:/app:s3cret@localhost:1/shop",
    "app:s3cret@localhost/shop",
    "mysql://app:s3cret@h/shop",
  ]) {
    const error = await openSession(url, options).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "bad-database-url", exitCode: 2 });
    expect(String(error)).not.toContain("s3cret");
  }
});

it("reads versions", () => {
  expect(versionOf("18.4 (Debian 18.4-1)")).toEqual({ text: "18.4", parts: [18, 4] });
});

describeServer("postgres", (server) => {
  const LIMITS = [
    "idle_session_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "statement_timeout",
    "lock_timeout",
  ];

  it("has no limits but its own, whatever the role, the database or the URL set, and keeps it so after a reset", async () => {
    const url = new URL(server.url);
    url.searchParams.set(
      "options",
      [...LIMITS.map((name) => `-c ${name}=90s`), "-c quote_all_identifiers=on"].join(" "),
    );
    const session = await openSession(url.href, options);
    await reset(session);
    const shown = await session.query<{ name: string; setting: string }>(
      "SELECT name, setting FROM pg_settings WHERE name = ANY ($1) OR name = 'quote_all_identifiers'",
      [LIMITS],
    );
    await session.close();
    expect(shown.length).toBeGreaterThan(4);
    expect(shown.filter(({ setting }) => setting !== "0" && setting !== "off")).toEqual([]);
  });
});
