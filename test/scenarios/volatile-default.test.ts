import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { userClient } from "./support/users.js";

const ROWS = 3_000;

describeServer("postgres", (server) => {
  const { scene, client } = suite();

  it("gives every row its own value of a volatile default, in batches, and NOT NULL after that", async () => {
    const sql = `-- zmigrate:batch rows=200
ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN seen timestamptz NOT NULL DEFAULT now();
-- zmigrate:batch rows=200
ALTER TABLE users ADD COLUMN mark uid NOT NULL;
ALTER TABLE users ADD COLUMN n zero NOT NULL;
`;
    const { db, project: p } = await scene(server, ROWS, sql);
    await query(db.url, "CREATE DOMAIN uid AS uuid DEFAULT gen_random_uuid(); CREATE DOMAIN zero AS int DEFAULT 0");
    const file = "SELECT pg_relation_filenode('users') AS file";
    const before = await query(db.url, file);
    const old = await client(db.url, userClient("user_email", "old", ROWS, new Map()));
    await works(p.run("apply", "--release", "r1"));
    expect((await old.stop()).failures).toEqual([]);
    const [row] = await query(
      db.url,
      "SELECT count(*) = count(DISTINCT token) AND count(*) = count(DISTINCT mark) AND max(n) = 0 AS distinct, count(*) FILTER (WHERE seen IS NULL) AS empty FROM users",
    );
    expect(row).toEqual({ distinct: true, empty: "0" });
    expect(await query(db.url, file)).toEqual(before);
    const columns = await query(
      db.url,
      "SELECT attname AS name, attnotnull AS required FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname IN ('token', 'seen', 'mark', 'n') ORDER BY 1",
    );
    expect(columns).toEqual([
      { name: "mark", required: true },
      { name: "n", required: true },
      { name: "seen", required: true },
      { name: "token", required: true },
    ]);
  });
});
