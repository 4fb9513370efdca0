import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Environment, SettingsFlags } from "../../src/config/given.js";
import { resolveSettings } from "../../src/config/settings.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "zmigrate-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const config = (value: object): void => writeFileSync(join(cwd, "zmigrate.config.json"), JSON.stringify(value));

test("without anything the defaults hold", async () => {
  expect(await resolveSettings({}, {}, cwd)).toEqual({
    engine: "postgres",
    migrations: join(cwd, "migrations"),
    environment: null,
    fleet: null,
    inFleet: null,
    databaseUrl: null,
    replicaUrls: [],
    ignoredReplicas: [],
    shadowUrl: null,
    shadow: true,
    queries: [],
    serverVersion: null,
    release: null,
    maxLagMs: 5_000,
    lockTimeoutMs: 2_000,
    lockWaitMs: 60_000,
    batchTargetMs: 250,
    workers: 1,
    metricsPort: null,
    parkMs: 86_400_000,
    soakMs: 0,
    maxMismatches: 0,
    maxBadRows: 0,
    maxRate: 0,
    execOrder: "non-linear",
    throttle: { signals: {}, env: {} },
    gates: { env: {} },
    osc: null,
    lint: { rules: {}, own: [], style: "off" },
    configFile: null,
  });
});

test("a flag wins over the environment, that over the file, that over the default", async () => {
  config({ maxLag: "3s" });
  const env = { ZMIGRATE_MAX_LAG: "2s" };
  expect((await resolveSettings({ maxLag: "1s" }, env, cwd)).maxLagMs).toBe(1_000);
  expect((await resolveSettings({}, env, cwd)).maxLagMs).toBe(2_000);
  expect((await resolveSettings({}, { ZMIGRATE_MAX_LAG: "" }, cwd)).maxLagMs).toBe(3_000);
});

test("every setting is read from the file", async () => {
  config({
    engine: "mariadb",
    migrations: "db",
    databaseUrl: "mysql://h/d",
    replicaUrls: ["mysql://r/d"],
    ignoreReplicas: ["delayed:3306"],
    shadowUrl: "mysql://s/d",
    shadow: false,
    queries: ["sql", "database"],
    serverVersion: "10.11",
    release: "v1",
    maxLag: "1s",
    lockTimeout: "2m",
    lockWait: "3h",
    batchTarget: "4ms",
    workers: 3,
    metricsPort: 9090,
    park: "5d",
    soak: "6s",
    maxMismatches: 7,
    maxBadRows: 8,
    maxRate: 900,
    execOrder: "linear",
    throttle: { lockWaiters: false, activeSessions: 40 },
    gates: { http: "https://h/ready" },
    osc: { tool: "pt-online-schema-change", path: "bin/osc", args: ["--max-lag=5"] },
    lint: { rules: { "ban-drop-column": "off" } },
  });
  expect(await resolveSettings({}, {}, cwd)).toEqual({
    engine: "mariadb",
    environment: null,
    fleet: null,
    inFleet: null,
    migrations: join(cwd, "db"),
    databaseUrl: "mysql://h/d",
    replicaUrls: ["mysql://r/d"],
    ignoredReplicas: ["delayed:3306"],
    shadowUrl: "mysql://s/d",
    shadow: false,
    queries: [join(cwd, "sql"), "database"],
    serverVersion: { text: "10.11", parts: [10, 11] },
    release: "v1",
    maxLagMs: 1_000,
    lockTimeoutMs: 120_000,
    lockWaitMs: 10_800_000,
    batchTargetMs: 4,
    workers: 3,
    metricsPort: 9090,
    parkMs: 432_000_000,
    soakMs: 6_000,
    maxMismatches: 7,
    maxBadRows: 8,
    maxRate: 900,
    execOrder: "linear",
    throttle: { signals: { lockWaiters: false, activeSessions: 40 }, env: {} },
    gates: { http: [{ url: "https://h/ready", headers: {}, timeout: 2_000, is: true }], env: {} },
    osc: { tool: "pt-online-schema-change", path: join(cwd, "bin/osc"), args: ["--max-lag=5"] },
    lint: { rules: { "ban-drop-column": "off" }, own: [], style: "off" },
    configFile: join(cwd, "zmigrate.config.json"),
  });
});

test("a program for rebuilds is looked for on the PATH unless its file is named, and only known ones are taken", async () => {
  config({ osc: { tool: "gh-ost" } });
  expect((await resolveSettings({}, {}, cwd)).osc).toEqual({ tool: "gh-ost", path: "gh-ost", args: [] });
  for (const osc of [{ tool: "rm" }, { tool: "gh-ost", args: "--execute" }, { tool: "gh-ost", shell: true }, {}]) {
    config({ osc });
    await expect(resolveSettings({}, {}, cwd)).rejects.toMatchObject({ code: "bad-config" });
  }
});

test("queries of the configuration are looked for beside it, those of a flag in the working directory", async () => {
  mkdirSync(join(cwd, "sub"));
  writeFileSync(join(cwd, "sub/zmigrate.config.json"), JSON.stringify({ queries: "sql" }));
  const at = { config: "sub/zmigrate.config.json" };
  expect((await resolveSettings(at, {}, cwd)).queries).toEqual([join(cwd, "sub/sql")]);
  expect((await resolveSettings({ ...at, queries: ["sql"] }, {}, cwd)).queries).toEqual([join(cwd, "sql")]);
});

test("every setting is read from the environment", async () => {
  const env = {
    ZMIGRATE_ENGINE: "mysql",
    ZMIGRATE_MIGRATIONS: "db",
    DATABASE_URL: "mysql://h/d",
    ZMIGRATE_REPLICA_URLS: "mysql://a/d, mysql://b/d",
    ZMIGRATE_SHADOW_URL: "mysql://s/d",
    ZMIGRATE_SHADOW: "off",
    ZMIGRATE_QUERIES: "q.csv",
    ZMIGRATE_SERVER_VERSION: "8.4",
    ZMIGRATE_RELEASE: "v2",
    ZMIGRATE_LOCK_TIMEOUT: "1s",
    ZMIGRATE_MAX_MISMATCHES: "3",
  };
  expect(await resolveSettings({}, env, cwd)).toMatchObject({
    engine: "mysql",
    migrations: join(cwd, "db"),
    databaseUrl: "mysql://h/d",
    replicaUrls: ["mysql://a/d", "mysql://b/d"],
    ignoredReplicas: [],
    shadowUrl: "mysql://s/d",
    shadow: false,
    queries: [join(cwd, "q.csv")],
    serverVersion: { parts: [8, 4] },
    release: "v2",
    lockTimeoutMs: 1_000,
    maxMismatches: 3,
  });
});

test.each([
  ["a flag over all", { engine: "mariadb" }, { ZMIGRATE_ENGINE: "mysql" }, { engine: "postgres" }, "mariadb"],
  ["mariadb by a mysql URL", {}, { DATABASE_URL: "mysql://h/d" }, { engine: "mariadb" }, "mariadb"],
  ["the URL of the file", {}, {}, { databaseUrl: "mariadb://h/d" }, "mariadb"],
  ["the file without a URL", {}, {}, { engine: "mysql" }, "mysql"],
  ["postgresql:// is postgres", {}, { DATABASE_URL: "postgresql://h/d" }, {}, "postgres"],
] as const)("engine: %s", async (_, flags, env, file, expected) => {
  config(file);
  expect((await resolveSettings(flags, env, cwd)).engine).toBe(expected);
});

test.each<[SettingsFlags, Environment, object, string, ...string[]]>([
  [
    { engine: "mysql" },
    { DATABASE_URL: "postgres://h/d" },
    {},
    "mysql",
    "--engine says mysql",
    "DATABASE_URL is one of",
  ],
  [{}, { ZMIGRATE_ENGINE: "mysql", DATABASE_URL: "postgres://h/d" }, {}, "mysql", "ZMIGRATE_ENGINE", "of postgres"],
  [
    {},
    { DATABASE_URL: "mysql://h/d" },
    { engine: "postgres" },
    "postgres",
    '"engine" in the configuration',
    "of mysql",
  ],
  [{ databaseUrl: "mariadb://h/d" }, {}, { engine: "postgres" }, "postgres", "--database-url", "of mariadb"],
])("an engine that the URL is not of: %j %j %j", async (flags, env, file, engine, ...words) => {
  config(file);
  for (const word of words)
    await expect(resolveSettings(flags, env, cwd)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(word),
    });
  // Where nothing connects, what was said holds.
  expect((await resolveSettings(flags, env, cwd, "files")).engine).toBe(engine);
});

test.each([
  [" ", "--release: the release is empty"],
  ["é".repeat(256), "--release: the release's name has more than 255 characters"],
])("a release that the journal could not tell from another: %s", async (release, message) => {
  await expect(resolveSettings({ release }, {}, cwd)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(message),
  });
  expect((await resolveSettings({ release: "é".repeat(255) }, {}, cwd)).release).toHaveLength(255);
});

const RAW = "postgres://u:s@Ec:/ret@host/x";

test.each([
  [{ databaseUrl: RAW }, {}, {}, "The database URL of --database-url is"],
  [{}, { DATABASE_URL: RAW }, {}, "The database URL of DATABASE_URL is"],
  [{}, { ZMIGRATE_DATABASE_URL: RAW }, {}, "The database URL of ZMIGRATE_DATABASE_URL is"],
  [{}, {}, { databaseUrl: RAW }, 'The database URL of "databaseUrl" in the configuration is'],
  [{ replicaUrl: ["postgres://r/x", RAW] }, {}, {}, "The replica URL of --replica-url is"],
  [{}, { ZMIGRATE_REPLICA_URLS: `postgres://r/x,${RAW}` }, {}, "The replica URL of ZMIGRATE_REPLICA_URLS is"],
  [{}, { ZMIGRATE_REPLICA_URLS: "postgres://u:12,34@r/x" }, {}, "The replica URL of ZMIGRATE_REPLICA_URLS is"],
  [{}, {}, { replicaUrls: [RAW] }, 'The replica URL of "replicaUrls" in the configuration is'],
  [{ shadowUrl: RAW }, {}, {}, "The shadow URL of --shadow-url is"],
  [{ databaseUrl: "sqlite://x" }, {}, {}, "its scheme is not postgres://"],
  [{ databaseUrl: "" }, {}, {}, "it is empty"],
])("a URL that cannot be used names where it stands: %j %j %j", async (flags, env, file, words) => {
  config(file);
  await expect(resolveSettings(flags, env, cwd)).rejects.toMatchObject({
    code: "bad-database-url",
    exitCode: 2,
    message: expect.stringContaining(words),
  });
  expect(await resolveSettings(flags, env, cwd, "files")).toMatchObject({ engine: "postgres" });
});

test("paths of a file are relative to its folder", async () => {
  mkdirSync(join(cwd, "deploy"));
  writeFileSync(join(cwd, "deploy", "z.json"), JSON.stringify({ migrations: "sql" }));
  const settings = await resolveSettings({ config: "deploy/z.json" }, {}, cwd);
  expect(settings.migrations).toBe(join(cwd, "deploy", "sql"));
});

test.each([
  [{ maxLag: "5" }, {}, "--max-lag"],
  [{}, { ZMIGRATE_LOCK_WAIT: "soon" }, "ZMIGRATE_LOCK_WAIT"],
  [{ engine: "oracle" }, {}, "--engine"],
  [{ serverVersion: "new" }, {}, "--server-version"],
  [{ maxMismatches: "-1" }, {}, "--max-mismatches"],
  [{ maxBadRows: "some" }, {}, "--max-bad-rows"],
  [{ workers: "0" }, {}, "--workers"],
  [{ metricsPort: "70000" }, {}, "--metrics-port"],
  [{}, { ZMIGRATE_METRICS_PORT: "http" }, "ZMIGRATE_METRICS_PORT"],
  [{}, { ZMIGRATE_WORKERS: "65" }, "ZMIGRATE_WORKERS"],
])("a bad value is a usage error that names where it stands: %j %j", async (flags, env, origin) => {
  await expect(resolveSettings(flags, env, cwd)).rejects.toMatchObject({
    code: "usage",
    exitCode: 2,
    message: expect.stringContaining(origin),
  });
});
