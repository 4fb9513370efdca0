import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";

const FIRST = "20260101000000";
const SECOND = "20260102000000";
const THIRD = "20260103000000";

const FILES = {
  shop: "CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL);\nCREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id));\n",
  mail: "ALTER TABLE customers ADD COLUMN mail varchar(80);\nCREATE INDEX by_mail ON customers (mail);\n",
  note: "ALTER TABLE orders ADD COLUMN note varchar(80);\n",
};

/** What another tool has run, with the table in which it keeps that. */
const RUN = [
  "CREATE TABLE schema_migrations (version varchar(40) PRIMARY KEY)",
  "CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL)",
  "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id))",
  "ALTER TABLE customers ADD COLUMN mail varchar(80)",
  "CREATE INDEX by_mail ON customers (mail)",
  "INSERT INTO customers VALUES (1, 'ada', NULL)",
];

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();
  const shadow = server.name === "postgres" ? [] : ["--shadow-url", server.url];

  const begun = async (setup: readonly string[] = RUN) => {
    const { project: p, url } = await bareScene(server, fixtures, setup, FILES);
    const standing = async () => {
      const { stdout } = await works(p.run("status", "--json"));
      const { migrations } = JSON.parse(stdout) as { migrations: { id: string; status: string; baseline?: true }[] };
      return migrations.map((m) => `${m.status}${m.baseline === true ? ", baseline" : ""}`);
    };
    return { p, url, standing, baseline: (...args: string[]) => p.run("baseline", ...shadow, ...args) };
  };

  it("takes over a database that has the first migrations: the next one runs, and those never", async () => {
    const { p, url, standing, baseline } = await begun();
    expect((await p.run("apply")).code).not.toBe(0);
    const dry = await works(baseline("--to", SECOND, "--dry-run"));
    expect(dry.stdout).toContain(`Would record as done, and not run: ${FIRST}, ${SECOND}.`);
    expect(await standing()).toEqual(["pending", "pending", "pending"]);
    const { stdout } = await works(baseline("--to", SECOND));
    expect(stdout).toContain(`Recorded as done, and not run: ${FIRST}, ${SECOND}.`);
    expect(stdout).toContain("The database has the schema that the files make.");
    expect(await standing()).toEqual(["contracted, baseline", "contracted, baseline", "pending"]);
    expect((await works(baseline("--to", SECOND))).stdout).toContain("Nothing to record");
    await works(p.run("apply"));
    expect(await standing()).toEqual(["contracted, baseline", "contracted, baseline", "contracted"]);
    expect(await query(url, "SELECT c.name, c.mail, o.note FROM customers c LEFT JOIN orders o ON o.id = 0")).toEqual([
      { name: "ada", mail: null, note: null },
    ]);
    const back = await p.run("rollback", SECOND);
    expect(back).toMatchObject({ code: 1, stderr: expect.stringContaining("had it before zmigrate") });
    await works(p.run("rollback", THIRD));
  }, 60_000);

  it("records nothing of a database that differs, unless that is accepted with a reason", async () => {
    const { url, standing, baseline } = await begun(RUN.filter((sql) => !sql.includes("by_mail")));
    const refused = await baseline("--to", SECOND);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/index by_mail of .*customers.* is there only in the files/);
    expect(await standing()).toEqual(["pending", "pending", "pending"]);
    expect((await baseline("--to", SECOND, "--accept-differences")).code).toBe(2);
    expect((await baseline("--to", SECOND, "--reason", "x")).code).toBe(2);
    await works(baseline("--to", SECOND, "--accept-differences", "--reason", "the index was dropped in May"));
    const table = server.name === "postgres" ? "zmigrate.audit" : "zmigrate_audit";
    const [entry] = await query(url, `SELECT migration_id, detail FROM ${table} WHERE action = 'baseline'`);
    expect(entry?.migration_id).toBe(SECOND);
    expect(JSON.parse(String(entry?.detail))).toMatchObject({
      recorded: [FIRST, SECOND],
      removed: [],
      differences: [expect.stringContaining("by_mail")],
      accept: "the index was dropped in May",
    });
  }, 60_000);

  it("may be set lower, and not while zmigrate is about a migration", async () => {
    const { p, standing, baseline } = await begun(RUN.slice(0, 3));
    await works(baseline("--to", SECOND, "--no-shadow"));
    const lower = await works(baseline("--to", FIRST));
    expect(lower.stdout).toContain(`Forgotten, so that apply runs them: ${SECOND}.`);
    expect(await standing()).toEqual(["contracted, baseline", "pending", "pending"]);
    p.write(`migrations/${THIRD}_note.sql`, "ALTER TABLE customers RENAME COLUMN mail TO email;\n");
    await works(p.run("apply", "--to", SECOND));
    await works(p.run("apply", "--release", "1"));
    const refused = await baseline("--to", FIRST);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`zmigrate rollback ${THIRD}`) });
  }, 60_000);

  it("records an edited file anew, which apply refuses", async () => {
    const { p, standing, baseline } = await begun();
    await works(baseline("--to", SECOND));
    p.write(`migrations/${FIRST}_shop.sql`, `-- by Ada\n${FILES.shop}`);
    expect(await p.run("apply")).toMatchObject({ code: 2, stderr: expect.stringContaining("was edited") });
    expect((await works(baseline("--to", SECOND))).stdout).toContain(`Recorded as done, and not run: ${FIRST}.`);
    await works(p.run("apply"));
    expect(await standing()).toEqual(["contracted, baseline", "contracted, baseline", "contracted"]);
  }, 60_000);

  it("is for migrations of the folder", async () => {
    const { baseline } = await begun();
    expect(await baseline("--to", "20250101000000")).toMatchObject({ code: 2 });
    expect(await baseline()).toMatchObject({ code: 2 });
  });
});

describeServers(["mysql", "mariadb"], (server) => {
  const fixtures = suite();

  it("says what it needs to compare", async () => {
    const { project: p } = await bareScene(server, fixtures, RUN, FILES);
    const refused = await p.run("baseline", "--to", SECOND);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--shadow-url") });
    expect((await works(p.run("baseline", "--to", SECOND, "--no-shadow"))).stdout).toContain("not compared");
  });
});

describeServer("postgres", (server) => {
  const fixtures = suite();

  const RICH = `CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN amount AS numeric(10, 2) CHECK (VALUE >= 0);
CREATE SCHEMA billing;
CREATE TABLE people (id bigserial PRIMARY KEY, mail citext NOT NULL UNIQUE, mood mood DEFAULT 'glad', made timestamptz NOT NULL DEFAULT now());
CREATE TABLE billing.invoices (id int GENERATED ALWAYS AS IDENTITY, person bigint REFERENCES people (id) ON DELETE CASCADE, at date NOT NULL, sum amount, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE billing.invoices_2026 PARTITION OF billing.invoices FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX by_person ON billing.invoices (person) WHERE person > 0;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.made := now(); RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touched();
CREATE VIEW totals AS SELECT person, sum(sum) AS total FROM billing.invoices GROUP BY person;
CREATE MATERIALIZED VIEW glad AS SELECT id FROM people WHERE mood = 'glad';
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON people USING (mail = current_user::citext);
COMMENT ON COLUMN people.mail IS 'as typed';
`;

  /** As pg_dump --schema-only --no-owner --no-privileges writes it. */
  const DUMP = `--
-- PostgreSQL database dump
--

\\restrict wNJ6Rw4hGWCA8UTaC9SBIL7uoZn3

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.people_there() RETURNS bigint
    LANGUAGE sql
    AS $$SELECT count(*) FROM public.people$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.people (
    id bigint NOT NULL,
    name text
);

CREATE SEQUENCE public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.people_id_seq OWNED BY public.people.id;

ALTER TABLE ONLY public.people ALTER COLUMN id SET DEFAULT nextval('public.people_id_seq'::regclass);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);

CREATE INDEX people_name ON public.people USING btree (name);

\\unrestrict wNJ6Rw4hGWCA8UTaC9SBIL7uoZn3
`;

  it("takes a dump for the first file, which a new database takes from apply", async () => {
    const plain = DUMP.replace(/^\\.*$/gm, "");
    const old = await bareScene(server, fixtures, [plain], {
      dump: DUMP,
      more: "ALTER TABLE people ADD COLUMN age int;\n",
    });
    await works(old.project.run("lint"));
    const { stdout } = await works(old.project.run("baseline", "--to", FIRST));
    expect(stdout).toContain("The database has the schema that the files make.");
    await works(old.project.run("apply"));
    const fresh = await server.createDatabase("fresh");
    fixtures.after(fresh.drop);
    await works(old.project.run("apply", "--database-url", fresh.url));
    expect(await schemaOf(fresh.url, "people")).toEqual(await schemaOf(old.url, "people"));
    expect(await query(fresh.url, "SELECT people_there() AS n")).toEqual([{ n: "0" }]);
  }, 60_000);

  it("does not take owners, rights, publications and other tools' tables for differences", async () => {
    const own = [
      "CREATE ROLE baseline_reader",
      "CREATE ROLE baseline_owner",
      ...RICH.split(/;\n(?!\s*RETURN)/).filter((sql) => sql.trim() !== ""),
      "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version text)",
      "CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (version)",
      "CREATE TABLE knex_migrations (id serial PRIMARY KEY, name text)",
      "CREATE PUBLICATION cdc FOR TABLE people",
      "GRANT SELECT ON people, totals TO baseline_reader",
      "GRANT UPDATE (mood) ON people TO baseline_reader",
      "GRANT USAGE ON SCHEMA billing TO baseline_owner",
      "GRANT CREATE ON SCHEMA billing TO baseline_owner",
      "ALTER TABLE billing.invoices OWNER TO baseline_owner",
      "INSERT INTO people (mail) VALUES ('a@b.c')",
      "ANALYZE",
    ];
    fixtures.after(async () => {
      await query(server.url, "DROP ROLE baseline_reader");
      await query(server.url, "DROP ROLE baseline_owner");
    });
    const { project: p, url } = await bareScene(server, fixtures, own, { rich: RICH });
    const { stdout } = await works(p.run("baseline", "--to", FIRST));
    expect(stdout).toContain("The database has the schema that the files make.");
    await query(url, "CREATE TABLE knex_migrations_of_ours (id int)");
    expect((await p.run("baseline", "--to", FIRST, "--dry-run")).stderr).toContain(
      "knex_migrations_of_ours is there only",
    );
    await query(url, "DROP TABLE knex_migrations_of_ours");
    await query(url, "ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'sad'");
    await query(url, "DROP POLICY own ON people");
    p.write(`migrations/${SECOND}_more.sql`, "CREATE TABLE more (id int);\n");
    const refused = await p.run("baseline", "--to", FIRST, "--dry-run");
    expect(refused.stderr).toMatch(
      /column .*people\.mood: default: 'glad'::.*mood in the files, 'sad'::.*mood in the database/,
    );
    expect(refused.stderr).toMatch(/policy own/);
  }, 60_000);
});
