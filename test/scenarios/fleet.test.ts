import { expect, it } from "vitest";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const NAMES = ["canary", "eu", "us"] as const;
const MIGRATIONS = {
  "migrations/20260101000000_customers.sql": "CREATE TABLE customers (id int PRIMARY KEY, mail varchar(80));\n",
  "migrations/20260102000000_note.sql": "ALTER TABLE customers ADD COLUMN note varchar(80);\n",
};
const RENAME = "migrations/20260103000000_rename.sql";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server: TestServer) => {
  const fixtures = suite();

  /** A folder whose environment `production` has three databases, the first of which goes first, and `staging` one. */
  async function scene(more: object = {}) {
    const databases: Record<string, { url: string }> = {};
    for (const name of [...NAMES, "staging"]) {
      const db = await server.createDatabase(name);
      fixtures.after(db.drop);
      databases[name] = db;
    }
    const url = (name: string) => databases[name]?.url ?? "";
    const p = project("", { EU_URL: url("eu"), STAGING_URL: url("staging") });
    fixtures.after(async () => p.remove());
    const production = { databases: { us: url("us"), eu: "$EU_URL", canary: url("canary") }, waves: [["canary"]] };
    const environments = { production, staging: { databaseUrl: "$STAGING_URL" } };
    p.write("zmigrate.config.json", JSON.stringify({ engine: server.name, park: "0", environments, ...more }));
    for (const [file, text] of Object.entries(MIGRATIONS)) p.write(file, text);
    return { p, url };
  }

  const names = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(0, 2).join(" "));
  const hasTable = (url: string) =>
    query(url, "SELECT mail FROM customers").then(
      () => true,
      () => false,
    );
  const fleet = (p: Project, command: string, ...args: string[]) => p.run(command, "--env", "production", ...args);

  it("moves all databases of an environment, the canary first, and says of each how it went", async () => {
    const { p, url } = await scene();
    const { stdout } = await works(fleet(p, "apply", "--release", "r1"));
    expect(names(stdout)[0]).toBe("canary done");
    expect(names(stdout).toSorted()).toEqual(["canary done", "eu done", "us done"]);
    for (const name of NAMES) expect(await query(url(name), "SELECT note FROM customers")).toEqual([]);
    expect(await hasTable(url("staging"))).toBe(false);
    const again = await works(fleet(p, "apply", "--release", "r1", "--json"));
    const events = again.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; database: string });
    expect(
      events
        .filter((e) => e.event === "done")
        .map((e) => e.database)
        .toSorted(),
    ).toEqual(["canary", "eu", "us"]);
    expect((await works(fleet(p, "status"))).stdout).toBe(
      "canary  2 contracted\nus      2 contracted\neu      2 contracted\n",
    );
    const json = JSON.parse((await works(fleet(p, "status", "--json"))).stdout);
    expect(json).toMatchObject({ version: 1, databases: [{ name: "canary", migrations: [{}, {}] }, {}, {}] });
    const one = await works(fleet(p, "status", "--only", "eu"));
    expect(one.stdout).toContain("20260101000000 customers");
    await works(p.run("apply", "--env", "staging"));
    expect(await hasTable(url("staging"))).toBe(true);
  }, 60_000);

  it("begins no other where one fails, and goes on where it stopped", async () => {
    const { p, url } = await scene();
    await query(url("canary"), "CREATE TABLE customers (id int PRIMARY KEY)");
    const failed = await fleet(p, "apply", "--release", "r1");
    expect(failed.code).not.toBe(0);
    expect(names(failed.stdout)).toEqual(["canary failed", "us not begun", "eu not begun"]);
    expect(failed.stdout).toContain("canary has failed");
    expect(failed.stderr).toMatch(/^canary: error: /m);
    expect(await hasTable(url("eu"))).toBe(false);
    const told = await fleet(p, "apply", "--json");
    const events = told.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.filter((e) => e.event === "not-begun").map((e) => e.database)).toEqual(["us", "eu"]);
    expect(events.find((e) => e.event === "failed")).toMatchObject({ database: "canary" });
    await query(url("canary"), "DROP TABLE customers");
    await works(fleet(p, "apply", "--release", "r1"));
    for (const name of NAMES) expect(await hasTable(url(name))).toBe(true);
  }, 60_000);

  it("counts a release as rolled out nowhere until the command has ended with 0", async () => {
    const { p, url } = await scene();
    await works(fleet(p, "apply", "--contract", "--release", "r1"));
    const rename = "ALTER TABLE customers RENAME COLUMN note TO remark;\n";
    p.write("migrations/20260301000000_rename.sql", rename);
    await query(url("us"), "ALTER TABLE customers ADD COLUMN remark int");
    expect((await fleet(p, "apply", "--contract", "--release", "r2")).code).not.toBe(0);
    await query(url("us"), "ALTER TABLE customers DROP COLUMN remark");
    const usesOld = () => Promise.all(NAMES.map((name) => query(url(name), "SELECT note FROM customers")));
    await works(fleet(p, "apply", "--contract", "--release", "r3"));
    await usesOld();
    await works(fleet(p, "apply", "--contract", "--release", "r4"));
    for (const name of NAMES) expect(await query(url(name), "SELECT remark FROM customers")).toEqual([]);
    await expect(usesOld()).rejects.toThrow();
  }, 60_000);

  it("swaps nowhere for a release that was first run, anywhere, before the one that expanded was rolled out everywhere", async () => {
    const { p, url } = await scene();
    await works(fleet(p, "apply", "--contract", "--release", "r1"));
    const rename = "ALTER TABLE customers RENAME COLUMN note TO remark;\n";
    p.write("migrations/20260301000000_rename.sql", rename);
    const away = (name: string) => query(url(name), "ALTER TABLE customers ADD COLUMN remark int");
    const back = (name: string) => query(url(name), "ALTER TABLE customers DROP COLUMN remark");
    const old = () => Promise.all(NAMES.map((name) => query(url(name), "SELECT note FROM customers")));
    const gate = async (release: string, name: string) => {
      const { stdout } = await fleet(p, "gates", "20260301000000", "--release", release, "--only", name, "--json");
      return JSON.parse(stdout).gates.find((g: { name: string }) => g.name === "later-release");
    };
    // r2 stops in front of `us`, which is finished by hand; then a try of r3 comes to the canary alone.
    await away("us");
    expect((await fleet(p, "apply", "--contract", "--release", "r2")).code).not.toBe(0);
    await back("us");
    await works(fleet(p, "apply", "--contract", "--release", "r2", "--only", "us"));
    expect(await gate("r3", "us")).toMatchObject({
      open: false,
      reason: expect.stringMatching(/^in (?:eu|canary): release r2 expanded, .* so it was not rolled out/),
    });
    const early = await fleet(p, "apply", "--require-contract", "--release", "r3", "--only", "canary");
    expect(early.code, early.stderr).toBe(4);
    await works(fleet(p, "apply", "--contract", "--release", "r2"));
    expect(await gate("r3", "eu")).toMatchObject({
      open: false,
      reason: expect.stringMatching(/^in (?:us|canary): a run of release r2 was still at work/),
    });
    await works(fleet(p, "apply", "--contract", "--release", "r3"));
    await old();
    await works(fleet(p, "apply", "--contract", "--release", "r4"));
    for (const name of NAMES) expect(await query(url(name), "SELECT remark FROM customers")).toEqual([]);
    await expect(old()).rejects.toThrow();
  }, 60_000);

  it("knows a release whose command could not begin with the canary, and is not held up by an empty database", async () => {
    const { p, url } = await scene();
    await works(fleet(p, "apply", "--contract", "--release", "r1"));
    const rename = "ALTER TABLE customers RENAME COLUMN note TO remark;\n";
    p.write("migrations/20260301000000_rename.sql", rename);
    const configure = (databases: object) => {
      const production = { databases, waves: [["canary"]] };
      p.write("zmigrate.config.json", JSON.stringify({ engine: server.name, park: "0", environments: { production } }));
    };
    const all = { us: url("us"), eu: url("eu"), canary: url("canary") };
    await query(url("us"), "ALTER TABLE customers ADD COLUMN remark int");
    expect((await fleet(p, "apply", "--contract", "--release", "r2")).code).not.toBe(0);
    await query(url("us"), "ALTER TABLE customers DROP COLUMN remark");
    const gone = new URL(url("canary"));
    gone.port = "1";
    configure({ ...all, canary: gone.href });
    expect(names((await fleet(p, "apply", "--contract", "--release", "r3")).stdout)).toEqual([
      "canary failed",
      "us not begun",
      "eu not begun",
    ]);
    configure(all);
    await works(fleet(p, "apply", "--contract", "--release", "r2"));
    const early = await works(fleet(p, "apply", "--contract", "--release", "r3"));
    expect(early.stdout).toMatch(
      /^eu +done .* 20260301000000 waits for later-release: a run of release r2 was still at work when release r3/m,
    );
    expect((await works(fleet(p, "status", "--release", "r3"))).stdout).toMatch(
      /^eu +1 backfilled, 2 contracted; 20260301000000: wait for later-release, .*\. later-release: a run of release r2 was still at/m,
    );
    for (const name of NAMES) expect(await query(url(name), "SELECT note FROM customers")).toEqual([]);
    const tenant = await server.createDatabase("tenant");
    fixtures.after(tenant.drop);
    configure({ ...all, tenant: tenant.url });
    await works(fleet(p, "apply", "--contract", "--release", "r4"));
    for (const name of [url("us"), url("eu"), url("canary"), tenant.url])
      expect(await query(name, "SELECT remark FROM customers")).toEqual([]);
  }, 60_000);

  it("tells a database that does not answer, and asks the others for their status all the same", async () => {
    const { p, url } = await scene();
    await works(fleet(p, "apply", "--release", "r1"));
    const gone = new URL(url("us"));
    gone.port = "1";
    gone.password = "geheim-1";
    const databases = { eu: "$EU_URL", us: gone.href };
    p.write(
      "zmigrate.config.json",
      JSON.stringify({ engine: server.name, environments: { production: { databases } } }),
    );
    const { code, stdout, stderr } = await fleet(p, "status");
    expect(code).toBe(3);
    expect(stdout).toContain("eu  2 contracted");
    expect(names(stdout)[1]).toMatch(/^us Cannot connect/);
    const apply = await fleet(p, "apply");
    expect(apply.code).toBe(3);
    expect(`${stdout}${stderr}${apply.stdout}${apply.stderr}`).not.toContain("geheim-1");
  }, 60_000);

  it("contracts in one environment when the migration is expanded in all databases of another", async () => {
    const { p } = await scene({ gates: { environments: "production" } });
    await works(p.run("apply", "--env", "staging", "--release", "r1"));
    await works(fleet(p, "apply", "--release", "r1"));
    p.write(RENAME, "ALTER TABLE customers RENAME COLUMN mail TO email;\n");
    await works(p.run("apply", "--env", "staging", "--release", "r2"));
    const gate = async () => {
      const { stdout } = await p.run("gates", "20260103000000", "--env", "staging", "--release", "r3", "--json");
      return JSON.parse(stdout).gates.find((g: { name: string }) => g.name === "environments");
    };
    expect(await gate()).toMatchObject({ open: false, reason: expect.stringContaining("production/us (pending)") });
    await works(fleet(p, "apply", "--only", "eu", "--only", "canary", "--release", "r2"));
    expect(await gate()).toMatchObject({ open: false, reason: "not expanded in production/us (pending)" });
    // In a process of its own: it must end, and with it all that it has opened.
    const closed = await p.start("apply", "--env", "staging", "--require-contract", "--release", "r3").result;
    expect(closed.code).toBe(4);
    const all = await fleet(p, "apply", "--only", "eu", "--only", "canary", "--require-contract", "--release", "r2");
    expect(all.code).toBe(4);
    expect(names(all.stdout)).toEqual(["canary waits", "eu waits"]);
    await works(fleet(p, "apply", "--release", "r2"));
    expect(await gate()).toMatchObject({ open: true, reason: expect.stringContaining("production/us") });
    await works(p.run("apply", "--env", "staging", "--contract", "--release", "r3"));
  }, 60_000);

  it("refuses a fleet where one database is meant", async () => {
    const { p } = await scene();
    for (const command of [
      ["plan"],
      ["verify"],
      ["wait"],
      ["doctor"],
      ["history"],
      ["apply", "--dry-run"],
      ["status", "--watch"],
    ]) {
      const { code, stderr } = await p.run(...command, "--env", "production");
      expect(code, command.join(" ")).toBe(2);
      expect(stderr).toContain("The environment production has 3 databases");
    }
    expect((await fleet(p, "apply", "--metrics-port", "9000")).code).toBe(2);
  }, 60_000);
});
