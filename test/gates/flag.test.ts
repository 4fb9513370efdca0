import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { readGates } from "../../src/config/gates.js";
import { flag } from "../../src/gates/flag.js";
import type { GateContext } from "../../src/gates/gate.js";
import { describeServers, query } from "../servers/index.js";
import { startWeb, type Web } from "../throttle/support/web.js";

const asking = (given: object | undefined, names: readonly string[], more: object = {}) => {
  const config = { flag: given } as Parameters<typeof readGates>[1];
  const settings = readGates("zmigrate.config.json", config, { FLAGS_TOKEN: "s3cret" });
  const gates = names.map((setting) => ({ name: "flag", setting }));
  return flag.check({ settings, record: { plan: { gates } }, ...more } as unknown as GateContext);
};

let web: Web;
beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.stop());

it("asks a service for the flag that the file names", async () => {
  const service = {
    url: `${web.url}/api/flags/{flag}?env=production`,
    headers: { Authorization: "$FLAGS_TOKEN" },
    field: "environments.production.on",
  };
  const says = (on: unknown) =>
    web.answers((r) => void r.end(JSON.stringify({ environments: { production: { on } } })));
  says(true);
  const open = await asking(service, ["new-email"]);
  expect(open).toMatchObject({
    state: "open",
    reason: expect.stringMatching(/^new-email of 127.0.0.1:\d+ says environments.production.on is true$/),
    evidence: { checks: [{ flag: "new-email", state: "open", value: true }] },
  });
  expect(web.asked.at(-1)).toMatchObject({
    line: "GET /api/flags/new-email?env=production",
    headers: { authorization: "s3cret" },
  });
  says(false);
  expect(await asking(service, ["new-email"])).toMatchObject({ state: "closed" });
  web.answers((r) => void r.writeHead(404).end("{}"));
  expect((await asking(service, ["new-email"]))?.state).not.toBe("open");
  expect(JSON.stringify(open)).not.toContain("s3cret");
});

it("does not know without a place where flags are, and asks nothing for a file that names none", async () => {
  expect(await asking(undefined, ["x"])).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining("gates.flag"),
  });
  expect(await asking(undefined, [])).toBeNull();
  // What somebody has written into the journal by hand.
  expect(await asking({ query: "SELECT '{flag}'" }, ["x' OR '1'='1"])).toMatchObject({ state: "unknown" });
});

it.each([
  [{ url: "https://flags.example.com/all" }, /"gates.flag.url" does not say where/],
  [{ query: "SELECT true" }, /"gates.flag.query" does not say where/],
  [{ url: "flags/{flag}" }, /"gates.flag.url" is not a URL/],
])("%j is refused", (given, words) => expect(() => asking(given, [])).toThrow(words));

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  it("asks a table of the database itself", async () => {
    const db = await server.createDatabase("flag");
    await query(db.url, "CREATE TABLE flags (name varchar(20) PRIMARY KEY, enabled boolean NOT NULL)");
    await query(db.url, "INSERT INTO flags VALUES ('on', true), ('off', false)");
    const engine = await engineFor(server.name);
    await engine.load();
    const database = await engine.connect(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
    const session = await database.open();
    try {
      const ask = (sql: string, ...names: string[]) => asking({ query: sql }, names, { database, session });
      const sql = "SELECT enabled FROM flags WHERE name = '{flag}'";
      expect(await ask(sql, "on")).toMatchObject({ state: "open", reason: "on is on" });
      expect(await ask(sql, "on", "off")).toMatchObject({ state: "closed", reason: "off is off; on is on" });
      expect(await ask(sql, "none")).toMatchObject({ state: "closed" });
      expect(await ask("SELECT enabled FROM nowhere WHERE name = '{flag}'", "on")).toMatchObject({ state: "unknown" });
      expect(await ask("DELETE FROM flags WHERE name = '{flag}'", "on")).toMatchObject({ state: "unknown" });
    } finally {
      await session.close();
      await database.close();
      await db.drop();
    }
  });
});
