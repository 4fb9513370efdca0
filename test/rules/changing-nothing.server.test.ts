import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE = `CREATE TABLE z (id bigint PRIMARY KEY, name text);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tg BEFORE INSERT ON z FOR EACH ROW EXECUTE FUNCTION tf();
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';`;
const REVOKE_F = "REVOKE ALL ON FUNCTION f() FROM PUBLIC;";
const F = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 2';";
const on = (what: string) => `ALTER TABLE z ${what};`;

/** What was done before, the same again, and what undoes it. */
const AGAIN: readonly (readonly [done: string, again: string, undone: string])[] = [
  [on("ENABLE ROW LEVEL SECURITY"), on("ENABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY")],
  [on("DISABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY"), on("ENABLE ROW LEVEL SECURITY")],
  [on("FORCE ROW LEVEL SECURITY"), on("FORCE ROW LEVEL SECURITY"), on("NO FORCE ROW LEVEL SECURITY")],
  [on("DISABLE TRIGGER tg"), on("DISABLE TRIGGER tg"), on("ENABLE TRIGGER tg")],
  [on("DISABLE TRIGGER USER"), on("DISABLE TRIGGER tg"), on("ENABLE TRIGGER tg")],
  ["", on("SET LOGGED"), on("SET UNLOGGED")],
  [on("SET UNLOGGED"), on("SET UNLOGGED"), on("SET LOGGED")],
  ["", on("DISABLE ROW LEVEL SECURITY"), on("ENABLE ROW LEVEL SECURITY")],
  ["", on("ALTER COLUMN name DROP NOT NULL"), on("ALTER COLUMN name SET NOT NULL")],
  ["", "REVOKE ALL ON z FROM PUBLIC;", "GRANT SELECT ON z TO PUBLIC;"],
  [REVOKE_F, `${F} ${REVOKE_F}`, "GRANT EXECUTE ON FUNCTION f() TO PUBLIC;"],
  [REVOKE_F, "REVOKE EXECUTE ON ROUTINE f FROM PUBLIC;", "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;"],
  [
    "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;",
    REVOKE_F,
    "DROP FUNCTION f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 2';",
  ],
  [
    "REVOKE ALL ON z FROM zm_app;",
    "REVOKE INSERT, SELECT ON TABLE public.z FROM zm_app;",
    "GRANT INSERT ON z TO zm_app;",
  ],
  [
    "GRANT SELECT ON z TO zm_app; REVOKE INSERT ON z FROM zm_app;",
    "REVOKE INSERT ON z FROM zm_app;",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO zm_app;",
  ],
  [
    "GRANT SELECT (id) ON z TO zm_app; REVOKE ALL ON z FROM zm_app;",
    "REVOKE SELECT (id) ON z FROM zm_app;",
    "GRANT SELECT (id) ON z TO zm_app;",
  ],
  [
    "ALTER FUNCTION f() SECURITY DEFINER;",
    "ALTER FUNCTION f() SECURITY DEFINER;",
    "ALTER FUNCTION f() SECURITY INVOKER;",
  ],
];

describe("a statement that changes nothing, as files show, stops nobody", () => {
  test.each(AGAIN)("%s, and again: %s", async (done, again, undone) => {
    expect(await rules([BASE, done, again])).toBe("");
    expect(await rules([BASE, done, undone, again])).not.toBe("");
    expect(await rules([again])).not.toBe("");
  });

  test("what may have run is not known to have", async () => {
    const perhaps = (sql: string) => `DO $$ BEGIN IF now() > '2020-01-01' THEN ${sql} END IF; END $$;`;
    const [enable, disable] = [on("ENABLE ROW LEVEL SECURITY"), on("DISABLE ROW LEVEL SECURITY")];
    expect(await rules([BASE, perhaps(enable), enable])).toBe("breaking-running-code");
    expect(await rules([BASE, enable, perhaps(disable), enable])).toBe("breaking-running-code");
    expect(await rules([BASE, `BEGIN; ${enable} ROLLBACK;`, enable])).toBe("breaking-running-code");
  });

  test("what no file has turned on may be on by code that no file tells", async () => {
    const ran = "DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;";
    const [said] = await judged([BASE, ran, on("DISABLE ROW LEVEL SECURITY")]);
    expect(said?.message).toContain('Assumed: row security of "z" is on, though no file turned it on; a DO block');
    expect(await rules([BASE, ran, on("ALTER COLUMN name DROP NOT NULL")])).toBe("ban-drop-not-null");
  });

  test("OR REPLACE by SECURITY DEFINER behind ALTER FUNCTION ... SECURITY DEFINER", async () => {
    const [definer, made] = ["ALTER FUNCTION f() SECURITY DEFINER;", F.replace("AS", "SECURITY DEFINER AS")];
    expect(await rules([BASE, definer, made])).toBe("");
    expect(await rules([BASE, definer, "ALTER FUNCTION f() SECURITY INVOKER;", made])).toBe("changing-whose-rights");
  });
});

describe("rights that a REVOKE takes", () => {
  const assumed = async (files: readonly string[]) => {
    const said = (await judged(files)).find(({ rule }) => rule === "breaking-running-code");
    return said === undefined ? "nothing" : (/Assumed: .*/.exec(said.message)?.[0] ?? "told");
  };
  const [grant, revoke] = ["GRANT INSERT ON z TO app;", "REVOKE INSERT ON z FROM app;"];
  const public_ = "Assumed: PUBLIC has it, though no file is seen to give it.";
  const app = "Assumed: app has it, though no file is seen to give it.";

  test("are told where files give them, or the server does", async () => {
    expect(await assumed([BASE, grant, revoke])).toBe("told");
    expect(await assumed([BASE, REVOKE_F])).toBe("told");
    expect(await assumed([BASE, "CREATE TYPE m AS ENUM ('a');", "REVOKE USAGE ON TYPE m FROM PUBLIC;"])).toBe("told");
    const defaults = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;";
    expect(await assumed([defaults, BASE, "REVOKE ALL ON z FROM PUBLIC;"])).toBe("told");
  });

  test("are assumed where no file tells of them", async () => {
    expect(await assumed([BASE, revoke])).toBe(app);
    expect(await assumed(["REVOKE ALL ON z FROM PUBLIC;"])).toBe(public_);
    expect(await assumed([BASE, "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"])).toBe(public_);
    expect(await assumed([BASE, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app;"])).toBe(app);
  });

  test("of a role that files have made are those that they give", async () => {
    expect(await assumed(["CREATE ROLE app;", BASE, revoke])).toBe("nothing");
    expect(await assumed(["CREATE ROLE app;", BASE, "ALTER TABLE z OWNER TO app;", revoke])).toBe("told");
    expect(await assumed(["CREATE ROLE app;", "SET ROLE app;", BASE, revoke])).toBe(app);
    expect(await assumed(["CREATE ROLE admin;", BASE, "REVOKE admin FROM app;"])).toBe("nothing");
    expect(await assumed(["CREATE ROLE admin;", "GRANT admin TO app;", "REVOKE admin FROM app;"])).toBe("told");
  });

  test("are as default privileges give them", async () => {
    const closed = "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;";
    expect(await assumed([closed, BASE, REVOKE_F])).toBe("nothing");
    expect(await assumed([closed.replace("REVOKE", "IN SCHEMA public REVOKE"), BASE, REVOKE_F])).toBe("told");
    expect(await assumed([closed.replace("REVOKE", "FOR ROLE x REVOKE"), BASE, REVOKE_F])).toBe("told");
  });

  test("are assumed behind code that no file tells, and behind what may have run", async () => {
    const block = (sql: string) => `DO $$ BEGIN ${sql} END $$;`;
    expect(await assumed([BASE, REVOKE_F, block("EXECUTE current_setting('my.sql');"), REVOKE_F])).toBe(public_);
    expect(await assumed([BASE, REVOKE_F, block("EXECUTE 'GRANT EXECUTE ON ' || x;"), REVOKE_F])).toBe(public_);
    expect(await assumed([BASE, REVOKE_F, block("EXECUTE format('ALTER TABLE %I', x);"), REVOKE_F])).toBe("nothing");
    expect(await assumed([BASE, block(`IF now() > '2020-01-01' THEN ${revoke} END IF;`), revoke])).toBe(app);
    expect(await assumed([BASE, revoke, block(`IF now() > '2020-01-01' THEN ${grant} END IF;`), revoke])).toBe("told");
    expect(await assumed([BASE, `BEGIN; ${revoke} ROLLBACK;`, revoke])).toBe(app);
  });

  test("are others behind a change of what they are on", async () => {
    expect(await assumed([BASE, revoke, "ALTER TABLE z RENAME TO y;", revoke.replace("z", "y")])).toBe("nothing");
    expect(await assumed([BASE, revoke, "ALTER TABLE z OWNER TO app;", revoke])).toBe("told");
    expect(await assumed([BASE, REVOKE_F, "ALTER FUNCTION f() RENAME TO g;", REVOKE_F.replace("f", "g")])).toBe(
      public_,
    );
    const all = "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app;";
    expect(await assumed([BASE, all, all])).toBe("nothing");
    expect(await assumed([BASE, all, "CREATE TABLE w (id int);", all])).toBe(app);
    expect(await assumed([BASE, all, "GRANT SELECT ON elsewhere TO app;", all])).toBe("told");
  });
});

const RIGHTS = (acl: string) =>
  `(SELECT array_agg(concat(grantee, privilege_type) ORDER BY 1)::text FROM aclexplode(${acl}))`;
const STATE = `SELECT relrowsecurity, relforcerowsecurity, relfilenode, ${RIGHTS("coalesce(relacl, acldefault('r', relowner))")} AS rights,
  (SELECT array_agg(concat(attnotnull, attacl) ORDER BY attnum)::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns,
  (SELECT array_agg(tgenabled ORDER BY tgname)::text FROM pg_trigger WHERE tgrelid = c.oid) AS triggers,
  (SELECT string_agg(concat(${RIGHTS("coalesce(proacl, acldefault('f', proowner))")}, prosecdef), ',' ORDER BY proname) FROM pg_proc WHERE proname IN ('f', 'tf')) AS routines
  FROM pg_class c WHERE relname = 'z'`;

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("nothing");
    await query(db.url, "CREATE ROLE zm_app");
  });
  afterAll(async () => {
    await query(db.url, "DROP OWNED BY zm_app; DROP ROLE zm_app");
    await db?.drop();
  });

  test.each(AGAIN)("the server's catalog stays as it is: %s, and again: %s", async (done, again, undone) => {
    await query(db.url, `DROP TABLE IF EXISTS z CASCADE; DROP FUNCTION IF EXISTS tf, f; ${BASE} ${done}`);
    const before = await query(db.url, STATE);
    await query(db.url, again);
    expect(await query(db.url, STATE)).toEqual(before);
    await query(db.url, undone);
    expect(await query(db.url, STATE)).not.toEqual(before);
  });
});
