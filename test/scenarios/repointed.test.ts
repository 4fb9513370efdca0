import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

const NEXT = "20260102000000";

const BEFORE = `
  CREATE TABLE log (id bigint, email text);
  CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id, 'x'); RETURN NULL; END $$;
  CREATE VIEW v AS SELECT id, user_email FROM users;
  CREATE TRIGGER tg AFTER UPDATE OF user_email ON users FOR EACH ROW EXECUTE FUNCTION tf();
  CREATE FUNCTION ff() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(user_email) FROM users; END;
  CREATE RULE r AS ON DELETE TO users WHERE OLD.user_email = 'x' DO INSTEAD NOTHING;
  CREATE POLICY p ON users USING (user_email <> 'y');
  CREATE PUBLICATION %pub% FOR TABLE users (id, user_email)`;

const REPOINT = `
  CREATE OR REPLACE VIEW v AS SELECT id, email_address AS user_email FROM users;
  DROP TRIGGER tg ON users;
  CREATE TRIGGER tg AFTER UPDATE OF email_address ON users FOR EACH ROW EXECUTE FUNCTION tf();
  CREATE OR REPLACE FUNCTION ff() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(email_address) FROM users; END;
  CREATE OR REPLACE RULE r AS ON DELETE TO users WHERE OLD.email_address = 'x' DO INSTEAD NOTHING;
  ALTER POLICY p ON users USING (email_address <> 'y');
  ALTER PUBLICATION %pub% SET TABLE users (id, email_address);
`;

/** Everything that names the column, as the server prints it. */
const PRINTED = `
  SELECT 'v' AS what, pg_get_viewdef('v'::regclass) AS text
  UNION ALL SELECT 'tg', pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'tg'
  UNION ALL SELECT 'ff', pg_get_functiondef('ff'::regproc)
  UNION ALL SELECT 'r', pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = 'r'
  UNION ALL SELECT 'p', pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'p'
  UNION ALL SELECT 'pub', attnames::text FROM pg_publication_tables WHERE tablename = 'users'
  ORDER BY 1`;

const PARKED =
  "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname ~ '^zmigrate_dropped'";

describeServers(["postgres"], (server) => {
  const own = suite();

  it("takes back what a later migration has pointed at the new name, and then the rename, behind its swap", async () => {
    const { db, project: p } = await own.scene(server, 200, RENAME);
    await query(db.url, BEFORE.replace("%pub%", "pub_repointed"));
    const before = await query(db.url, PRINTED);
    p.write(`migrations/${NEXT}_repoint.sql`, REPOINT.replace("%pub%", "pub_repointed"));
    for (const release of ["r1", "r2", "r3"])
      await works(p.run("apply", "--contract", "--release", release, "--park", "1h"));
    const [{ name: parked } = { name: "" }] = await query(db.url, PARKED);
    expect(parked).toMatch(/^zmigrate_dropped_user_email/);

    const early = await p.run("rollback", ID);
    expect(early.code, early.stdout).toBe(1);
    expect(early.stderr).toContain(`zmigrate rollback ${NEXT}`);
    await works(p.run("rollback", NEXT));
    const between = await query(db.url, PRINTED);
    for (const { what, text } of between)
      expect(String(text), String(what)).toContain(what === "pub" ? "email_address" : parked);
    expect(await query(db.url, "SELECT count(user_email)::int AS n, ff()::int AS f FROM v")).toEqual([
      { n: 200, f: 200 },
    ]);

    // It says that it leaves the publication.
    const held = await p.run("rollback", ID);
    expect(held.code, held.stdout).toBe(3);
    expect(held.stderr).toContain("publication pub_repointed uses users.email_address. Nothing was undone.");
    expect(held.stderr).toContain(`over ${parked} in the place of public.users.email_address`);
    expect(await query(db.url, PARKED)).toHaveLength(1);
    await query(db.url, `ALTER PUBLICATION pub_repointed SET TABLE users (id, "${parked}")`);
    await works(p.run("rollback", ID));
    expect(await query(db.url, PRINTED)).toEqual(before);
  });

  it("takes back a trigger's function only where the columns of its rows have their names", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    const tf = (column: string) =>
      `CREATE OR REPLACE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${column} := lower(NEW.${column}); RETURN NEW; END $$;`;
    await query(
      db.url,
      `${tf("user_email")} CREATE TRIGGER tg BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION tf()`,
    );
    p.write(`migrations/${NEXT}_function.sql`, tf("email_address"));
    for (const release of ["r1", "r2"]) await works(p.run("apply", "--contract", "--release", release, "--park", "1h"));

    const early = await p.run("rollback", NEXT);
    expect(early.code, early.stdout).toBe(1);
    expect(early.stderr).toMatch(
      new RegExp(`would give back names public.users.user_email.*rollback ${ID}\` first`, "s"),
    );
    const halfway = await p.run("rollback", ID);
    expect(halfway.code, halfway.stdout + halfway.stderr).toBe(4);
    await works(p.run("rollback", NEXT));
    await works(p.run("rollback", ID));
    await query(db.url, "INSERT INTO users (id, name, user_email) VALUES (1000, 'n', 'A@B')");
    expect(await query(db.url, "SELECT user_email AS e FROM users WHERE id = 1000")).toEqual([{ e: "a@b" }]);
  });

  it("looks before it begins who uses the column that goes, and once more where it was cut off", async () => {
    const { db, project: p } = await own.scene(server, 200, RENAME);
    const park = ["--park", "1h"];
    await works(p.run("apply", "--release", "r1"));
    await query(
      db.url,
      `CREATE VIEW vb AS SELECT email_address FROM users; CREATE MATERIALIZED VIEW mb AS SELECT email_address FROM users;
       CREATE POLICY pb ON users USING (email_address <> 'y');
       CREATE FUNCTION fb() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(email_address) FROM users; END;
       CREATE RULE rb AS ON DELETE TO users WHERE OLD.email_address = 'x' DO INSTEAD NOTHING;
       CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
       CREATE TRIGGER tb AFTER UPDATE ON users FOR EACH ROW WHEN (OLD.email_address <> NEW.email_address) EXECUTE FUNCTION tf();
       CREATE STATISTICS sb ON name, email_address FROM users`,
    );
    for (const swapped of [false, true]) {
      if (swapped) await works(p.run("apply", "--contract", "--release", "r2", ...park));
      const { code, stderr } = await p.run("rollback", ID);
      expect(code, stderr).toBe(3);
      for (const user of [
        "view vb",
        "materialized view mb",
        "policy pb",
        "function public.fb()",
        "rule rb",
        "trigger tb",
      ])
        expect(stderr).toMatch(new RegExp(`${user.replace(/[()]/g, "\\$&")}[^;]* uses users.email_address`));
      expect(stderr).not.toContain("CASCADE");
      expect(stderr).toContain("Nothing was undone.");
    }
    await works(p.run("apply", "--contract", "--release", "r3", ...park));
    await query(
      db.url,
      `DROP VIEW vb; DROP MATERIALIZED VIEW mb; DROP POLICY pb ON users; DROP FUNCTION fb(); DROP RULE rb ON users;
       DROP TRIGGER tb ON users;
       CREATE FUNCTION no_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
       CREATE EVENT TRIGGER no_drop ON sql_drop WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION no_drop()`,
    );
    const half = await p.run("rollback", ID);
    expect(half.code, half.stderr).toBe(3);
    expect(half.stderr).toContain("not now");
    await query(db.url, "DROP EVENT TRIGGER no_drop; CREATE VIEW vb AS SELECT email_address FROM users");
    const again = await p.run("rollback", ID);
    expect(again.code, again.stderr).toBe(3);
    expect(again.stderr).toMatch(
      /view vb uses users.email_address.*nothing more of it was undone.*over user_email in the place/s,
    );
    await query(db.url, "CREATE OR REPLACE VIEW vb AS SELECT user_email AS email_address FROM users");
    await works(p.run("rollback", ID));
  });
});

/** What finds columns by their names alone. */
const BY_NAME = {
  postgres: {
    make: (column: string) => [
      `CREATE OR REPLACE FUNCTION fs() RETURNS text LANGUAGE sql AS $$ SELECT ${column} FROM users WHERE id = 1 $$`,
    ],
    first: [],
  },
  mysql: {
    make: (column: string) => [
      `CREATE OR REPLACE VIEW v AS SELECT id, ${column} AS user_email FROM users`,
      `CREATE TRIGGER tg BEFORE UPDATE ON users FOR EACH ROW SET NEW.name = CONCAT('u ', NEW.${column})`,
    ],
    first: ["DROP TRIGGER tg"],
  },
} as const;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const own = suite();
  const { make, first } = BY_NAME[server.name === "postgres" ? "postgres" : "mysql"];

  it("takes the swap back first where what a later migration gives back would find no column of its name", async () => {
    const { db, project: p } = await own.scene(server, 200, RENAME);
    const works1 = async () => {
      await query(db.url, "UPDATE users SET name = 'x' WHERE id = 1");
      const sql = server.name === "postgres" ? "SELECT fs() AS e" : "SELECT user_email AS e FROM v WHERE id = 1";
      expect(await query(db.url, sql)).toEqual([{ e: "user1@example.com" }]);
    };
    for (const sql of make("user_email")) await query(db.url, sql);
    p.write(`migrations/${NEXT}_repoint.sql`, [...first, ...make("email_address"), ""].join(";\n"));
    for (const release of ["r1", "r2"]) await works(p.run("apply", "--contract", "--release", release, "--park", "1h"));

    const early = await p.run("rollback", NEXT);
    expect(early.code, early.stdout + early.stderr).toBe(1);
    expect(early.stderr).toMatch(/users.user_email, which migration 20260101000000 .* has parked as zmigrate_dropped/);
    const half = await p.run("rollback", ID);
    expect(half.code, half.stdout + half.stderr).toBe(4);
    expect(half.stderr).toContain(`Run \`zmigrate rollback ${NEXT}\`, then \`zmigrate rollback ${ID}\` again`);
    await works1();
    expect(await query(db.url, "SELECT user_email AS a, email_address AS b FROM users WHERE id = 2")).toEqual([
      { a: "user2@example.com", b: "user2@example.com" },
    ]);
    await works(p.run("rollback", NEXT));
    await works1();
    await works(p.run("rollback", ID));
    await works1();
  });
});
