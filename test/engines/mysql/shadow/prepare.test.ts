import { afterAll, beforeAll, expect, it } from "vitest";
import { openShadowServer } from "../../../../src/engines/mysql/shadow/index.js";
import type { Prepared, Shadow, ShadowServer } from "../../../../src/engines/shadow.js";
import { describeServers } from "../../../servers/index.js";
import { OPTIONS } from "../support/database.js";

const SETUP = [
  "CREATE TABLE t (id int unsigned PRIMARY KEY AUTO_INCREMENT, a varchar(20) NOT NULL, b int, e enum('x') NOT NULL, bytes blob)",
  "CREATE TABLE f (id int PRIMARY KEY, x int NOT NULL, y int NOT NULL, z int NOT NULL)",
  "CREATE TRIGGER theirs BEFORE INSERT ON f FOR EACH ROW SET NEW.x = 1",
  "CREATE TRIGGER zmigrate_x BEFORE INSERT ON f FOR EACH ROW SET NEW.`y` = NEW.`id`",
];

describeServers(["mysql", "mariadb"], ({ name, url }) => {
  let server: ShadowServer;
  let shadow: Shadow;
  beforeAll(async () => {
    server = await openShadowServer(url, name === "mariadb" ? "mariadb" : "mysql", OPTIONS);
    shadow = await server.open();
    for (const sql of SETUP) expect((await shadow.run([sql])).failed).toBeNull();
  }, 60_000);
  afterAll(() => server.close());

  const said = (p: Prepared): string => (p.kind === "works" ? "works" : `${p.kind}: ${p.reason}`);

  it("tells what a query returns", async () => {
    expect(await shadow.prepare("SELECT *, b + ? AS sum FROM t")).toEqual({
      kind: "works",
      columns: [
        { name: "id", type: "int unsigned" },
        { name: "a", type: "varchar" },
        { name: "b", type: "int" },
        { name: "e", type: "enum" },
        { name: "bytes", type: "binary text" },
        { name: "sum", type: expect.any(String) },
      ],
      parameters: ["any type"],
      meaning: "t.id t.a t.b t.e t.bytes",
      leavesOut: [],
    });
  });

  it.each([
    ["SELECT nope FROM t", /^breaks: .*'nope'/],
    ["SELECT a FROM nowhere", /^breaks: Table 'nowhere' doesn't exist/],
    ["SELECT 1 FROM t FORCE INDEX (k)", /^breaks: .*'k'/],
    ["INSERT INTO t VALUES (?, ?)", /^breaks: Column count/],
    ["INSERT INTO t VALUES (?, ?, ?, ?, ?)", /^works/],
    ["INSERT INTO t (b) VALUES (?)", /^breaks: it leaves out a, which is NOT NULL/],
    ["INSERT INTO t SET b = ?, e = (SELECT 'x')", /^breaks: it leaves out a/],
    ["INSERT IGNORE INTO t (b) VALUES (?)", /^works/],
    ["INSERT INTO t (`a`) SELECT a FROM t ON DUPLICATE KEY UPDATE b = 1", /^works/],
    ["INSERT INTO f (id, x) VALUES (1, 2)", /^breaks: it leaves out z/],
    ["SELEC 1", /^unknown/],
    ["SELECT 1 FROM mysql.user", /^unknown: .*schema mysql/],
  ])("says of %s what it is", async (query, expected) => {
    expect(said(await shadow.prepare(query))).toMatch(expected);
  });

  it("says which columns a trigger of the application may fill", async () => {
    expect(await shadow.prepare("INSERT INTO f (id, z) VALUES (1, 2)")).toMatchObject({ leavesOut: ["f.x"] });
  });

  it("asks again where the schema has changed", async () => {
    expect(said(await shadow.prepare("SELECT late FROM t"))).toMatch(/^breaks/);
    await shadow.run(["ALTER TABLE t ADD COLUMN late int"]);
    expect(said(await shadow.prepare("SELECT late FROM t"))).toBe("works");
    await shadow.run(["ALTER TABLE t DROP COLUMN late"]);
    expect(said(await shadow.prepare("SELECT late FROM t"))).toMatch(/^breaks/);
  });
});
