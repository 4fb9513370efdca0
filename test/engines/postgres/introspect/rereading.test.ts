import { expect, it } from "vitest";
import type { Session } from "../../../../src/engines/engine.js";
import { openSession } from "../../../../src/engines/postgres/execute/connect.js";
import { introspect, rereading } from "../../../../src/engines/postgres/introspect/index.js";
import { suite } from "../../../scenarios/support/suite.js";
import { describeServer } from "../../../servers/index.js";

/** Each changes something that the picture of a table is made of, in the table's own rows of the catalogs or elsewhere. */
const CHANGES = [
  "CREATE TABLE a (id int PRIMARY KEY, t text)",
  "CREATE TABLE b (id bigserial PRIMARY KEY, a_id int REFERENCES a (id), t text DEFAULT 'x')",
  "CREATE INDEX b_t ON b (lower(t))",
  "ALTER TABLE b ADD COLUMN c int DEFAULT 1",
  "ALTER TABLE a RENAME COLUMN id TO key",
  "ALTER TABLE a RENAME TO first",
  "CREATE SCHEMA s",
  "ALTER TABLE first SET SCHEMA s",
  "ALTER SCHEMA s RENAME TO other",
  "ALTER SEQUENCE b_id_seq RENAME TO counter",
  "CREATE SEQUENCE lone; CREATE TABLE c (id int DEFAULT nextval('lone'), kept regclass DEFAULT 'b'::regclass)",
  "ALTER SEQUENCE lone RENAME TO single",
  "ALTER TABLE b RENAME TO second",
  "CREATE TYPE mood AS ENUM ('ok', 'bad')",
  "ALTER TABLE c ADD COLUMN m mood DEFAULT 'ok'",
  "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
  "ALTER TYPE mood RENAME TO spirits",
  "CREATE DOMAIN small AS int; ALTER TABLE c ADD COLUMN d small",
  "ALTER DOMAIN small ADD CONSTRAINT few CHECK (VALUE < 10)",
  "ALTER DOMAIN small SET NOT NULL",
  "CREATE TABLE typed (r second, l second[])",
  "ALTER TABLE second RENAME TO third",
  "CREATE FUNCTION f() RETURNS int IMMUTABLE LANGUAGE sql RETURN 1",
  "ALTER TABLE c ADD COLUMN e int DEFAULT f(), ADD CHECK (id > f())",
  "ALTER FUNCTION f VOLATILE",
  "ALTER FUNCTION f RENAME TO g",
  "CREATE ROLE ROLE_A; GRANT SELECT (t), INSERT (t) ON third TO ROLE_A; GRANT UPDATE ON third TO ROLE_A",
  "REVOKE EXECUTE ON FUNCTION g FROM PUBLIC; GRANT INSERT ON c TO ROLE_A",
  "ALTER ROLE ROLE_A RENAME TO ROLE_B",
  "CREATE ROLE ROLE_C",
  "GRANT ROLE_B TO ROLE_C",
  "COMMENT ON COLUMN third.t IS 'a text'",
  "COMMENT ON COLUMN third.t IS NULL",
  "COMMENT ON INDEX b_t IS 'lower'",
  "COMMENT ON CONSTRAINT b_pkey ON third IS 'key'",
  "ALTER TABLE third ALTER t SET STATISTICS 500, ALTER t SET STORAGE EXTERNAL, ALTER t SET (n_distinct = -0.5)",
  "ALTER INDEX b_t ALTER COLUMN 1 SET STATISTICS 50",
  "ALTER TABLE third SET (fillfactor = 50, toast.autovacuum_enabled = off)",
  "ALTER TABLE third RESET (toast.autovacuum_enabled)",
  "ALTER TABLE third REPLICA IDENTITY USING INDEX b_pkey",
  "ALTER TABLE third CLUSTER ON b_pkey",
  "CREATE PUBLICATION PUB_A FOR TABLE third (id, t)",
  "ALTER PUBLICATION PUB_A SET TABLE third WHERE (id > 1)",
  "ALTER PUBLICATION PUB_A ADD TABLE c",
  "ALTER PUBLICATION PUB_A SET (publish = 'insert')",
  "ALTER PUBLICATION PUB_A RENAME TO PUB_B",
  "CREATE TABLE parted (k int) PARTITION BY RANGE (k); CREATE TABLE low (k int) PARTITION BY RANGE (k)",
  "CREATE TABLE lowest PARTITION OF low FOR VALUES FROM (1) TO (2); ALTER PUBLICATION PUB_B ADD TABLE parted",
  "ALTER TABLE parted ATTACH PARTITION low FOR VALUES FROM (1) TO (5)",
  "ALTER TABLE parted DETACH PARTITION low",
  "CREATE RULE quiet AS ON INSERT TO c DO INSTEAD NOTHING",
  "DROP RULE quiet ON c",
  "ALTER TABLE c ADD CONSTRAINT positive CHECK (id > 0) NOT VALID",
  "ALTER TABLE c VALIDATE CONSTRAINT positive",
  "ALTER TABLE c RENAME CONSTRAINT positive TO above",
  "ALTER INDEX b_t RENAME TO by_text",
  "CREATE MATERIALIZED VIEW v AS SELECT t FROM third; CREATE INDEX v_t ON v (t)",
  "ALTER MATERIALIZED VIEW v RENAME TO w",
  "DROP INDEX by_text; DROP MATERIALIZED VIEW w",
  "DROP TABLE typed",
  'ALTER TABLE third ALTER t TYPE varchar(20) COLLATE "C", ALTER t DROP DEFAULT',
  "INSERT INTO third (t) SELECT 'x' FROM generate_series(1, 5000)",
  "ANALYZE third",
  "TRUNCATE third",
  "ALTER TABLE third DROP COLUMN t CASCADE",
  "DROP TABLE other.first CASCADE",
  "BEGIN; CREATE TABLE gone (id int); ROLLBACK",
] as const;

describeServer("postgres", (server) => {
  const { after } = suite();

  async function scene() {
    const db = await server.createDatabase("reread");
    after(db.drop);
    const open = async () => {
      const session = await openSession(db.url, { connectTimeoutMs: 5_000, applicationName: "test" });
      after(() => session.close());
      return session;
    };
    // Roles are the whole server's.
    const own = (sql: string) => sql.replaceAll(/ROLE_([A-Z])\b/g, `${db.name}_$1`).replaceAll(/PUB_/g, "pub_");
    after(async () => {
      const session = await open();
      for (const role of ["A", "B", "C"]) {
        const name = `${db.name}_${role}`;
        const found = await session.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", [name.toLowerCase()]);
        if (found.length > 0) await session.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
      }
    });
    return { reader: await open(), other: await open(), own };
  }

  it("gives what reading all gives, whatever somebody has changed since", async () => {
    const { reader, other, own } = await scene();
    const reread = rereading();
    await reread(reader);
    for (const sql of CHANGES) {
      await other.query(own(sql));
      expect(await reread(reader), sql).toEqual(await introspect(reader));
    }
  }, 120_000);

  it("reads only the tables again that have changed", async () => {
    const { reader, other } = await scene();
    await other.query("CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int)");
    const among: unknown[] = [];
    const spied: Session = {
      ...reader,
      query: (sql, params) => {
        if (params?.length === 1) among.push(params[0]);
        return reader.query(sql, params);
      },
    };
    const reread = rereading();
    await reread(spied);
    expect(among).toEqual([null, null, null, null]);
    await other.query("ALTER TABLE b ADD COLUMN t text; CREATE TABLE d (id int)");
    among.length = 0;
    await reread(spied);
    const rows = await other.query<{ oid: string }>(
      "SELECT oid::text FROM pg_class WHERE relname IN ('b', 'd') ORDER BY relname",
    );
    expect(among).toEqual(Array(4).fill(rows.map(({ oid }) => oid)));
    among.length = 0;
    await reread(spied);
    expect(among).toEqual([]);
  });
});
