import { expect, it } from "vitest";
import { mysqlEffects } from "../../../../src/engines/mysql/effects/index.js";
import { parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import { versionOf } from "../../../../src/engines/mysql/version.js";
import { applyOperation, emptyCatalog } from "../../../../src/history/replay.js";
import { connect } from "../../../scenarios/support/clients.js";
import { describeServers } from "../../../servers/index.js";

const MADE = [
  "CREATE TABLE p (id int PRIMARY KEY)",
  "CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id))",
];
const NEW_ROW = "INSERT INTO c VALUES (1, 1)";
const NUMBER: Readonly<Record<string, string>> = { mysql: "9.7.0", mariadb: "10.11.0" };

describeServers(["mysql", "mariadb"], (server) => {
  if (server.name === "postgres") return;
  const { name } = server;
  const parsed = (sql: string) => parseMysql(sql, name).statements.flatMap((s) => s.operations);

  it.each([
    ["DROP TABLE p", "1"],
    ["DROP TABLE p", "0"],
    ["TRUNCATE TABLE p", "1"],
    ["TRUNCATE TABLE p", "0"],
  ])("%s under foreign_key_checks = %s, where a key points at it", async (sql, checks) => {
    const [operation] = parsed(sql);
    if (operation === undefined) throw new Error(sql);
    const catalog = MADE.flatMap(parsed).reduce(applyOperation, emptyCatalog("files", null, name));
    const version = versionOf(NUMBER[name] ?? "");
    const { fails, breaks } = mysqlEffects(
      operation,
      { catalog, version, settings: { foreign_key_checks: checks } },
      name,
    );

    const db = await server.createDatabase("parent_gone");
    const app = await connect(db.url);
    const takes = (text: string) =>
      app.query(text).then(
        () => true,
        () => false,
      );
    for (const made of MADE) await app.query(made);
    await app.query(`SET foreign_key_checks = ${checks}`);
    expect(await takes(sql)).toBe(fails === null);
    await app.query("SET foreign_key_checks = 1");
    const told = breaks.some(({ why }) => why.includes("1452"));
    // A row that points at nothing is refused in either case: it is told where a table is gone for good.
    expect(await takes(NEW_ROW)).toBe(false);
    expect(told).toBe(sql.startsWith("DROP") && checks === "0");
    await app.end();
    await db.drop();
  });
});

it("MariaDB has no DROP CHECK (1064)", () => {
  const statuses = (["mysql", "mariadb"] as const).map((dialect) => parseMysql("ALTER TABLE t DROP CHECK c", dialect));
  expect(statuses.map(({ statements }) => statements[0]?.operations[0]?.kind)).toEqual(["other", undefined]);
});
