import { afterAll, beforeAll, expect, it } from "vitest";
import type { Session } from "../../src/engines/engine.js";
import { openSession } from "../../src/engines/postgres/execute/connect.js";
import { lintTexts } from "../lint/support.js";
import { describeServer, type TestDatabase } from "../servers/index.js";

const PARENT = `CREATE TABLE kinds (id int PRIMARY KEY);
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY, at int NOT NULL, kind int REFERENCES kinds, twice int GENERATED ALWAYS AS (at * 2) STORED,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE events_rest PARTITION OF events DEFAULT;`;

const HASHED = "CREATE TABLE h (id int) PARTITION BY HASH (id);";

describeServer("postgres", (server) => {
  let database: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    database = await server.createDatabase("new_partition");
    session = await openSession(database.url, { connectTimeoutMs: 5000, applicationName: "t" });
    await session.query(PARENT);
  });
  afterAll(async () => {
    await session?.close();
    await database?.drop();
  });

  const modesOn = (table: string) =>
    session.query<{ mode: string }>(
      "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = $1::regclass",
      [table],
    );

  it("what the help of PARTITION OF says makes the same partition, while the parent stays open", async () => {
    const { findings } = await lintTexts([
      `~${PARENT}`,
      "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (9);",
    ]);
    expect(findings.map(({ rule }) => rule)).toEqual(["blocking-table-access"]);
    const [make = "", attach = ""] = findings[0]?.help.match(/(?:CREATE|ALTER) TABLE .*?;/g) ?? [];
    await session.query("BEGIN");
    await session.query(make);
    await session.query(attach);
    expect((await modesOn("events")).map(({ mode }) => mode)).not.toContain("AccessExclusiveLock");
    await session.query("COMMIT");
    await session.query("INSERT INTO events (at) VALUES (5)");
    expect(await session.query("SELECT at, twice FROM events_1")).toEqual([{ at: 5, twice: 10 }]);
  });

  it("without a DEFAULT partition PARTITION OF still keeps readers out, and what the help says does not", async () => {
    await session.query("CREATE TABLE plain (id bigint NOT NULL, at int NOT NULL) PARTITION BY LIST (at)");
    const add = "CREATE TABLE plain_1 PARTITION OF plain FOR VALUES IN (1, 2)";
    const { findings } = await lintTexts([
      "~CREATE TABLE plain (id bigint, at int) PARTITION BY LIST (at);",
      `${add};`,
    ]);
    expect(findings.map(({ rule }) => rule)).toEqual(["locking-partition-parent"]);
    await session.query("BEGIN");
    await session.query(add);
    expect((await modesOn("plain")).map(({ mode }) => mode)).toContain("AccessExclusiveLock");
    await session.query("ROLLBACK");
    await session.query("BEGIN");
    for (const sql of findings[0]?.help.match(/(?:CREATE|ALTER) TABLE .*?;/g) ?? []) await session.query(sql);
    expect((await modesOn("plain")).map(({ mode }) => mode)).not.toContain("AccessExclusiveLock");
    await session.query("COMMIT");
    expect(await session.query("INSERT INTO plain VALUES (1, 2) RETURNING at")).toEqual([{ at: 2 }]);
  });

  it("a table that is partitioned by hash has no DEFAULT partition to be read", async () => {
    const add = "CREATE TABLE h_1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);";
    const found = async (...texts: string[]) => (await lintTexts(texts)).findings.map(({ rule }) => rule);
    expect(await found(`~${HASHED}`, add)).toEqual(["locking-partition-parent"]);
    expect(await found(add)).toEqual(["locking-partition-parent"]);
    await session.query(HASHED);
    await expect(session.query("CREATE TABLE h_d PARTITION OF h DEFAULT")).rejects.toMatchObject({ code: "42P16" });
  });
});
