import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { MOVE } from "./changes/move.js";
import { project } from "./support/cli.js";
import { back, forward } from "./support/phased.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const FILE = "migrations/20260101000000_move.sql";

describeServers(["postgres"], (server) => {
  const s = suite();

  it("moves a column to another table under old and new code", () => forward(server, s, MOVE));
  it("takes a move back", () => back(server, s, MOVE));

  /** Expanded and filled: `users` 1 to 3, the last of them without a row in `profiles`. */
  async function expanded(setup: string, migration: string, written = false) {
    const db = await server.createDatabase("moving");
    s.after(() => db.drop());
    await query(db.url, setup);
    const p = project(db.url, { ZMIGRATE_SHADOW: "off" });
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, migration);
    if (written) await works(p.run("plan", "--write", FILE));
    await works(p.run("apply", "--release", "r1"));
    const session = async () => (await s.session(db.url)).query;
    const pairs = () =>
      query(
        db.url,
        "SELECT u.id, u.bio AS old, p.bio AS new FROM users u LEFT JOIN profiles p ON p.user_id = u.id ORDER BY 1",
      );
    const pair = async (id: number) => {
      const [row] = (await pairs()).filter((r) => r.id === id);
      return [row?.old, row?.new];
    };
    return { db, p, session, pairs, pair };
  }

  const USERS =
    "CREATE TABLE users (id int PRIMARY KEY, bio text, n int); INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c');";
  const PROFILES =
    "CREATE TABLE profiles (user_id int UNIQUE REFERENCES users (id) ON UPDATE CASCADE ON DELETE CASCADE, id int PRIMARY KEY, n int); INSERT INTO profiles VALUES (1, 1), (2, 2);";

  it("keeps both tables in step, whoever writes, and loses no value in silence", async () => {
    const { db, p, session, pair, pairs } = await expanded(USERS + PROFILES, MOVE.migration);
    const run = await session();
    expect(await pairs()).toMatchObject([{ new: "a" }, { new: "b" }, { old: "c", new: null }]);
    await run("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
    await run("UPDATE users SET bio = 'old' WHERE id = 2");
    expect([await pair(1), await pair(2)]).toEqual([
      ["new", "new"],
      ["old", "old"],
    ]);
    expect(await run("INSERT INTO profiles (user_id, id) VALUES (3, 3) RETURNING bio")).toEqual([{ bio: "c" }]);
    await run("DELETE FROM profiles WHERE id = 3");
    expect(await pair(3)).toEqual(["c", null]);
    await run("INSERT INTO profiles (user_id, id, bio) VALUES (3, 3, 'own') ON CONFLICT DO NOTHING");
    expect(await pair(3)).toEqual(["own", "own"]);
    await run(
      "INSERT INTO profiles (user_id, id, bio) VALUES (3, 3, 'up') ON CONFLICT (id) DO UPDATE SET bio = EXCLUDED.bio",
    );
    expect(await pair(3)).toEqual(["up", "up"]);
    const upsert = (bio: string) =>
      run(
        `INSERT INTO profiles (user_id, id, bio) VALUES (3, 3, ${bio}) ON CONFLICT (user_id) DO UPDATE SET bio = EXCLUDED.bio`,
      );
    await upsert("NULL");
    expect(await pair(3)).toEqual([null, null]);
    await upsert("'up'");
    await run("UPDATE users SET id = 30 WHERE id = 3");
    expect(await pair(30)).toEqual(["up", "up"]);
    await run("UPDATE profiles SET bio = NULL WHERE id = 3");
    expect(await pair(30)).toEqual([null, null]);
    await run("WITH d AS (DELETE FROM profiles WHERE id = 2) UPDATE users SET bio = 'kept' WHERE id = 2");
    await run("UPDATE profiles SET user_id = 2 WHERE id = 3");
    expect([await pair(2), await pair(30)]).toEqual([
      ["kept", "kept"],
      [null, null],
    ]);
    await run("DELETE FROM users WHERE id = 30");
    await run("INSERT INTO users VALUES (4, 'alone'), (5, NULL)");
    const refused = await p.run("apply", "--contract", "--release", "r2");
    expect(refused.code, refused.stderr).toBe(3);
    expect(refused.stderr).toMatch(/Rows of public\.users hold a value in bio .*: 1\. Keys of some: 4\..*INSERT INTO/s);
    const [, insert] = /make the rows, with what else they need:\s+(INSERT .*?);\n/s.exec(refused.stderr) ?? [];
    await query(db.url, (insert ?? "").replace(/\("user_id"/, '("id", "user_id"').replace("SELECT ", "SELECT 40, "));
    await works(p.run("apply", "--contract", "--release", "r2"));
    const after = await session();
    await after("UPDATE profiles SET bio = 'later' WHERE id = 40");
    await after("INSERT INTO profiles (user_id, id, bio) VALUES (5, 50, 'five')");
    await works(p.run("rollback", "20260101000000"));
    expect(await query(db.url, "SELECT id, bio FROM users ORDER BY 1")).toEqual([
      { id: 1, bio: "new" },
      { id: 2, bio: "kept" },
      { id: 4, bio: "later" },
      { id: 5, bio: "five" },
    ]);
  });

  it("moves by keys of several columns, and to rows that come first", async () => {
    const { db, p, session } = await expanded(
      `CREATE SCHEMA "s 1"; CREATE TABLE "Goods" (t int, k int, "a ""b" int, UNIQUE (t, k), id serial PRIMARY KEY);
       CREATE TABLE "s 1"."Old" (id int PRIMARY KEY, t int NOT NULL, k int NOT NULL, "p %" numeric NOT NULL DEFAULT 1.50, UNIQUE (t, k));
       ALTER TABLE "s 1"."Old" ADD FOREIGN KEY (t, k) REFERENCES "Goods" (t, k);
       INSERT INTO "Goods" (t, k) VALUES (1, 1), (1, 2); INSERT INTO "s 1"."Old" VALUES (1, 1, 1, 5.0), (2, 1, 2, 0)`,
      `ALTER TABLE "Goods" ADD COLUMN "n ""p" numeric NOT NULL DEFAULT 0;
       -- zmigrate:batch rows=1
       UPDATE "Goods" SET "n ""p" = o."p %" FROM "s 1"."Old" o WHERE "Goods".k = o.k AND o.t = "Goods".t;
       ALTER TABLE "s 1"."Old" DROP COLUMN "p %";`,
      true,
    );
    const run = await session();
    const both = (column = '"p %"') =>
      run(
        `SELECT g.k, o.${column}::text AS old, "n ""p"::text AS new FROM "Goods" g LEFT JOIN "s 1"."Old" o USING (t, k) ORDER BY 1`,
      );
    expect(await both()).toMatchObject([
      { old: "5.0", new: "5.0" },
      { old: "0", new: "0" },
    ]);
    await run(`UPDATE "s 1"."Old" SET "p %" = 5.00 WHERE k = 1`);
    await run(`INSERT INTO "Goods" (t, k, "n ""p") VALUES (1, 3, 7), (1, 4, DEFAULT), (1, 5, DEFAULT), (1, 6, 9)`);
    await run(`INSERT INTO "s 1"."Old" VALUES (3, 1, 3, DEFAULT), (4, 1, 4, DEFAULT), (5, 1, 5, 8)`);
    const pairs = async (column?: string) => (await both(column)).map(({ old, new: fresh }) => [old, fresh]);
    const filled = [
      ["5.00", "5.00"],
      ["0", "0"],
      ["7", "7"],
      ["1.50", "1.50"],
      ["8", "8"],
    ];
    expect(await pairs()).toEqual([...filled, [null, "9"]]);
    await run(`UPDATE "s 1"."Old" SET k = 6 WHERE k = 5`);
    expect((await pairs()).slice(4)).toEqual([
      [null, "8"],
      ["9", "9"],
    ]);
    await works(p.run("apply", "--contract", "--release", "r2"));
    await run(`UPDATE "Goods" SET "n ""p" = 10 WHERE k = 6`);
    await run(`UPDATE "s 1"."Old" SET k = 5 WHERE k = 6`);
    await run(`INSERT INTO "s 1"."Old" (id, t, k) VALUES (7, 1, 6)`);
    const [parked] = await run(
      "SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attname ~ '^zmigrate_dropped'",
    );
    expect((await pairs(String(parked?.name))).slice(4)).toEqual([
      ["8", "8"],
      ["10", "10"],
    ]);
    const refused = await p.run("apply", "--contract", "--release", "r3");
    expect(refused.code).toBe(0);
    await run(`DELETE FROM "s 1"."Old" WHERE k = 6`);
    const loses = await p.run("rollback", "20260101000000");
    expect(loses.stderr).toMatch(/what was written there in 1 row/);
    await works(p.run("rollback", "20260101000000", "--accept-loss"));
    expect(await query(db.url, `SELECT "p %"::text AS old FROM "s 1"."Old" ORDER BY k`)).toMatchObject([
      { old: "5.00" },
      { old: "0" },
      { old: "7" },
      { old: "1.50" },
      { old: "8" },
    ]);
  });

  it("writes for who may not write the other table, and for nobody else", async () => {
    const { db, p, session, pair } = await expanded(USERS + PROFILES, MOVE.migration);
    const role = `zm_move_${process.pid}`;
    await query(
      db.url,
      `CREATE ROLE ${role}; GRANT SELECT, UPDATE ON users TO ${role}; GRANT CREATE, USAGE ON SCHEMA public, zmigrate TO ${role}`,
    );
    s.after(() => query(db.url, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`));
    const run = await session();
    await run(`SET ROLE ${role}`);
    await run("UPDATE users SET bio = 'theirs' WHERE id = 1");
    await run("CREATE TABLE own (id int, bio text)");
    const [called] = await run("SELECT oid::regproc::text AS name FROM pg_proc WHERE proname ~ '^sync_.*_o$'");
    await expect(
      run(`CREATE TRIGGER t AFTER UPDATE ON own FOR EACH ROW EXECUTE FUNCTION ${called?.name}('give')`),
    ).rejects.toThrow(/permission denied/);
    await run("RESET ROLE");
    expect(await pair(1)).toEqual(["theirs", "theirs"]);
    await works(p.run("rollback", "20260101000000"));
    await run(
      `DROP TABLE own; ALTER TABLE profiles OWNER TO ${role}; ALTER TABLE profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    );
    const limited = await p.run("apply", "--release", "r2");
    expect([limited.code, limited.stderr]).toEqual([
      3,
      expect.stringMatching(/FORCE ROW LEVEL SECURITY holds for the owner/),
    ]);
    await run("ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY");
    const shared = await p.run("apply", "--release", "r2");
    expect(shared.stderr).toMatch(/their owners are/);
    await run(`ALTER TABLE users OWNER TO ${role}`);
    await run("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO pg_monitor");
    await works(p.run("apply", "--release", "r2"));
    const [helper] = await run("SELECT tgname AS name FROM pg_trigger WHERE tgname ~ '_og$'");
    await run(`DROP TRIGGER ${helper?.name} ON users`);
    await run(`DROP FUNCTION ${called?.name} CASCADE`);
    const gone = await p.run("apply", "--release", "r2");
    await run(gone.stderr.slice(gone.stderr.indexOf("CREATE OR REPLACE")));
    await works(p.run("apply", "--release", "r2"));
    const acl = await run("SELECT DISTINCT proacl::text AS acl FROM pg_proc WHERE proname ~ '^sync_'");
    expect(acl).toEqual([{ acl: `{${role}=X/${role}}` }]);
    const owners = await run("SELECT DISTINCT proowner::regrole::text AS owner FROM pg_proc WHERE proname ~ '^sync_'");
    expect(owners).toEqual([{ owner: role }]);
    await run("UPDATE users SET bio = 'again' WHERE id = 1");
    expect(await pair(1)).toEqual(["again", "again"]);
  });

  it("misses no write that goes on beside another one", async () => {
    const { session, pair } = await expanded(USERS + PROFILES, MOVE.migration);
    const [old, fresh] = [await session(), await session()];
    const soon = () => new Promise((resolve) => setTimeout(resolve, 100));
    await old("BEGIN");
    await old("UPDATE users SET bio = 'first' WHERE id = 3");
    const inserted = fresh("INSERT INTO profiles (user_id, id) VALUES (3, 3)");
    await soon();
    await old("COMMIT");
    await inserted;
    expect(await pair(3)).toEqual(["first", "first"]);
    await fresh("DELETE FROM profiles WHERE id = 3");
    await fresh("BEGIN");
    await fresh("INSERT INTO profiles (user_id, id) VALUES (3, 3)");
    const updated = old("UPDATE users SET bio = 'second' WHERE id = 3");
    await soon();
    await fresh("COMMIT");
    await updated;
    expect(await pair(3)).toEqual(["second", "second"]);
    const slow =
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END'";
    await old(`${slow}; CREATE TRIGGER zzzz_slow BEFORE INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION slow()`);
    const waiting = fresh("INSERT INTO profiles (user_id, id) VALUES (4, 4)");
    await soon();
    await old("INSERT INTO users VALUES (4, 'late')");
    await waiting;
    expect(await pair(4)).toEqual(["late", "late"]);
  });
});
