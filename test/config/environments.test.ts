import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveSettings } from "../../src/config/settings.js";
import { isError } from "../../src/errors.js";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "zmigrate-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const config = (value: object): void => writeFileSync(join(cwd, "zmigrate.config.json"), JSON.stringify(value));

const EU = "postgres://app:geheim1@eu/shop";
const US = "postgres://app:geheim2@us/shop";

const CONFIG = {
  park: "12h",
  soak: "1h",
  databaseUrl: "postgres://local/shop",
  replicaUrls: ["postgres://replica/shop"],
  environments: {
    staging: { databaseUrl: "$STAGING_URL", park: "0" },
    production: {
      databases: { eu: "$EU_URL", us: { databaseUrl: US, replicaUrls: ["$US_REPLICA"] }, ap: "postgres://ap/shop" },
      waves: [["ap"]],
      parallel: 2,
      soak: "24h",
    },
    mixed: { databases: { a: "postgres://h/a", b: "mysql://h/b" } },
    empty: {},
    both: { databaseUrl: "postgres://h/a", databases: { a: "postgres://h/a" } },
    twice: { databases: { a: "postgres://h/a" }, waves: [["a"], ["a"]] },
    shadowed: { databaseUrl: "postgres://h/a", shadowUrl: "$SHADOW_URL" },
    astray: { databases: { a: "postgres://h/a" }, waves: [["b"]] },
  },
};

const ENV = { STAGING_URL: "postgres://staging/shop", EU_URL: EU, US_REPLICA: "postgres://us2/shop" };

test("an environment's settings and database go before the general ones, and before the shell's URLs", async () => {
  config(CONFIG);
  const env = { ...ENV, DATABASE_URL: "postgres://other/x", ZMIGRATE_REPLICA_URLS: "postgres://other2/x" };
  expect(await resolveSettings({ env: "staging" }, env, cwd)).toMatchObject({
    environment: "staging",
    fleet: null,
    databaseUrl: "postgres://staging/shop",
    replicaUrls: [],
    parkMs: 0,
    soakMs: 3_600_000,
  });
  expect(await resolveSettings({}, { ...env, ZMIGRATE_ENV: "staging" }, cwd)).toMatchObject({ environment: "staging" });
  expect(await resolveSettings({}, env, cwd)).toMatchObject({
    environment: null,
    databaseUrl: "postgres://other/x",
    parkMs: 12 * 3_600_000,
  });
  expect((await resolveSettings({ park: "2h", env: "staging" }, env, cwd)).parkMs).toBe(2 * 3_600_000);
});

test("a shadow's URL may be a variable, too", async () => {
  config(CONFIG);
  const settings = await resolveSettings({ env: "shadowed" }, { SHADOW_URL: "postgres://s/x" }, cwd);
  expect(settings.shadowUrl).toBe("postgres://s/x");
});

test("several databases are a fleet in waves; the rest is the last wave", async () => {
  config(CONFIG);
  const settings = await resolveSettings({ env: "production" }, ENV, cwd, "databases");
  expect(settings.databaseUrl).toBe(null);
  expect(settings.soakMs).toBe(24 * 3_600_000);
  expect(settings.fleet).toEqual({
    environment: "production",
    all: [
      { name: "eu", databaseUrl: EU, problem: "" },
      { name: "us", databaseUrl: US, problem: "" },
      { name: "ap", databaseUrl: "postgres://ap/shop", problem: "" },
    ],
    parallel: 2,
    waves: [
      [{ name: "ap", databaseUrl: "postgres://ap/shop", replicaUrls: [] }],
      [
        { name: "eu", databaseUrl: EU, replicaUrls: [] },
        { name: "us", databaseUrl: US, replicaUrls: ["postgres://us2/shop"] },
      ],
    ],
  });
  const two = await resolveSettings({ env: "production", only: ["us", "eu"] }, ENV, cwd, "databases");
  expect(two.fleet?.waves.map((wave) => wave.map(({ name }) => name))).toEqual([["eu", "us"]]);
});

test("one of them is a database as any other, and of the others no variable need be set", async () => {
  config(CONFIG);
  const settings = await resolveSettings(
    { env: "production", only: ["us"] },
    { US_REPLICA: "postgres://us2/shop" },
    cwd,
  );
  expect(settings).toMatchObject({ fleet: null, databaseUrl: US, replicaUrls: ["postgres://us2/shop"] });
  const problem = "eu of the environment production: the variable EU_URL is not set.";
  expect(settings.inFleet).toMatchObject({
    name: "us",
    all: expect.arrayContaining([{ name: "eu", databaseUrl: null, problem }]),
  });
});

test.each<[string, Parameters<typeof resolveSettings>[0], string, RegExp]>([
  ["an environment that is not there", { env: "stagin" }, "usage", /no environment "stagin"/],
  ["a database that is not there", { env: "production", only: ["uk"] }, "usage", /no database of production "uk"/],
  [
    "a database of an environment that has one",
    { env: "staging", only: ["eu"] },
    "usage",
    /no database of staging "eu"/,
  ],
  ["several for a command about one", { env: "production" }, "usage", /production has 3 databases/],
  ["--only without --env", { only: ["eu"] }, "usage", /goes with --env/],
  ["a URL beside it", { env: "staging", databaseUrl: "postgres://h/d" }, "usage", /has its own databases/],
  ["databases of two kinds", { env: "mixed" }, "bad-config", /PostgreSQL and of MySQL/],
  ["none", { env: "empty" }, "bad-config", /has no database/],
  ["a URL beside databases", { env: "both" }, "bad-config", /both/],
  ["one in two waves", { env: "twice" }, "bad-config", /"a" twice/],
  ["a variable of a shadow that is not set", { env: "shadowed" }, "usage", /SHADOW_URL is not set/],
  ["a wave of nobody", { env: "astray" }, "bad-config", /no database "b"/],
])("refuses %s", async (_, flags, code, message) => {
  config(CONFIG);
  const error = await resolveSettings(flags, ENV, cwd).catch((e: unknown) => e);
  expect(isError(error, code as "usage"), String(error)).toBe(true);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toMatch(/geheim/);
});

test("a variable that is not set, and a URL that is none, are named with their database", async () => {
  config(CONFIG);
  const refused = (env: Record<string, string>) =>
    resolveSettings({ env: "production", only: ["eu"] }, env, cwd).catch((e: unknown) => String(e));
  expect(await refused({})).toContain("eu of the environment production: the variable EU_URL is not set.");
  expect(await refused({ EU_URL: "http://app:geheim@eu/shop" })).toMatch(/scheme/);
  expect(await refused({ EU_URL: "http://app:geheim@eu/shop" })).not.toMatch(/geheim/);
});

test("a name that could be a flag, and a key that is none, are told where the configuration is read", async () => {
  for (const environments of [
    { "-x": { databaseUrl: "postgres://h/d" } },
    { a: { databases: { "": "postgres://h/d" } } },
    { a: { databaseURL: "postgres://h/d" } },
    { a: { databaseUrl: "postgres://h/d", park: "soon" } },
    { a: { databases: { x: "postgres://h/d" }, parallel: 0 } },
  ]) {
    config({ environments });
    expect(isError(await resolveSettings({}, {}, cwd).catch((e: unknown) => e), "bad-config")).toBe(true);
  }
});

test("a database's name is no number alone: JavaScript would put it first, whatever the order of the file", async () => {
  const named = (name: string) => {
    config({ environments: { a: { databases: { b: "postgres://h/b", [name]: "postgres://h/d" } } } });
    return resolveSettings({ env: "a" }, {}, cwd, "databases").catch((e: unknown) => String(e));
  };
  expect(await named("1001")).toContain(
    '"environments.a.databases.1001" is only a number, which would lose its place in the file',
  );
  for (const name of ["t1001", "007", "1-eu"])
    expect(await named(name)).toMatchObject({ fleet: { waves: [[{ name: "b" }, { name }]] } });
});

test("a gate names environments, and those must have databases", async () => {
  config({ ...CONFIG, gates: { environments: ["staging", "production"] } });
  const { gates } = await resolveSettings({}, { STAGING_URL: "postgres://s/x", US_REPLICA: "postgres://r/x" }, cwd);
  expect(gates.environments).toEqual([
    { name: "staging", databaseUrl: "postgres://s/x", problem: "" },
    {
      name: "production/eu",
      databaseUrl: null,
      problem: expect.stringContaining("EU_URL is not set"),
    },
    { name: "production/us", databaseUrl: US, problem: "" },
    { name: "production/ap", databaseUrl: "postgres://ap/shop", problem: "" },
  ]);
  config({ ...CONFIG, gates: { environments: "stagging" } });
  expect(String(await resolveSettings({}, {}, cwd).catch((e: unknown) => e))).toMatch(/stagging/);
});
