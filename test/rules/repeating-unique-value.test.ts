import { describe, expect, test } from "vitest";
import { allRules } from "./judged.js";

const BASE = "CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, email varchar(40) NOT NULL DEFAULT '');";
const ID = "repeating-unique-value";
const add = (rest: string) => `ALTER TABLE users ADD COLUMN slug varchar(40) ${rest};`;
const INDEX = "CREATE UNIQUE INDEX users_slug ON users (slug);";

// Measured on PostgreSQL 18 (23505), MySQL 9.7 and MariaDB 10.11 (1062): the second INSERT that leaves slug out.
describe.each(["postgres", "mysql", "mariadb"] as const)("%s: a unique index over a new column's default", (engine) => {
  test.each([
    `${add("NOT NULL DEFAULT ''")} ${INDEX}`,
    `${add("DEFAULT 'x'")} ${INDEX}`,
    `${add("NOT NULL DEFAULT ''")} ALTER TABLE users ADD CONSTRAINT s UNIQUE (slug);`,
    add("NOT NULL DEFAULT 'x' UNIQUE"),
    `${add("NOT NULL DEFAULT ''").replace(";", "")}, ADD CONSTRAINT s UNIQUE (slug);`,
    `${add("NOT NULL DEFAULT ''")} UPDATE users SET slug = 'a' WHERE id = 1; ${INDEX}`,
    `${add("NOT NULL DEFAULT ''")} ALTER TABLE users ADD COLUMN nr int NOT NULL DEFAULT 0; CREATE UNIQUE INDEX s ON users (slug, nr);`,
  ])("%s", async (sql) => {
    expect(await allRules([BASE, sql], engine)).toContain(ID);
  });
  test.each([
    `${add("NULL")} ${INDEX}`,
    `${add("NOT NULL DEFAULT ''")} CREATE UNIQUE INDEX s ON users (org_id, slug);`,
    "CREATE UNIQUE INDEX s ON users (email);",
    `${add("NOT NULL DEFAULT ''")} CREATE INDEX s ON users (slug);`,
    `CREATE TABLE t (id int); ${add("NOT NULL DEFAULT ''").replace("users", "t")} CREATE UNIQUE INDEX s ON t (slug);`,
  ])("but not %s", async (sql) => {
    expect(await allRules([BASE, sql], engine)).not.toContain(ID);
  });
});

// Both take it with LOCK=NONE.
test.each(["mysql", "mariadb"] as const)("%s: UNIQUE of a new column that is NULL", async (engine) => {
  expect(await allRules([BASE, add("NULL UNIQUE")], engine)).toBe("table-rebuild");
});

describe("postgres: what an index leaves out, or counts as the same", () => {
  const added = add("NOT NULL DEFAULT ''");
  test.each([
    `${added} CREATE UNIQUE INDEX CONCURRENTLY s ON users (lower(slug));`,
    `${add("")} CREATE UNIQUE INDEX CONCURRENTLY s ON users (slug) NULLS NOT DISTINCT;`,
    `${added} CREATE UNIQUE INDEX CONCURRENTLY s ON users (slug) WHERE slug = '';`,
  ])("%s", async (sql) => {
    expect(await allRules([BASE, sql], "postgres", "18")).toContain(ID);
  });
  test.each([
    `${added} CREATE UNIQUE INDEX CONCURRENTLY s ON users (slug) WHERE slug <> '';`,
    `ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid(); CREATE UNIQUE INDEX s ON users (token);`,
    `${added} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.slug := NEW.id; RETURN NEW; END $$;
     CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f(); ${INDEX}`,
  ])("but not %s", async (sql) => {
    expect(await allRules([BASE, sql], "postgres", "18")).not.toContain(ID);
  });
});
