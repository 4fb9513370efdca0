import { expect, it } from "vitest";
import { openSession, targetOf, versionOf } from "../../../../src/engines/postgres/execute/connect.js";

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
