import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged, rules } from "./judged.js";

const BASE =
  "CREATE TABLE counters (id bigint PRIMARY KEY, n bigint); CREATE TABLE users (id bigint PRIMARY KEY, nick text, updated_at timestamptz); CREATE TABLE logs (id bigint NOT NULL, op text); CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE moods (id int PRIMARY KEY, mood mood, day date, note varchar(9));";

/** Body, what stands in front of ON, the statement that a server loses by it, and why. */
type Case = readonly [body: string, how: string, loses: "INSERT" | "UPDATE" | "DELETE", why: string];

const EVERY = "BEFORE INSERT OR UPDATE OR DELETE";
const BAD: readonly Case[] = [
  [
    "NEW.updated_at := now(); RETURN NEW;",
    "BEFORE UPDATE",
    "UPDATE",
    "column updated_at, which the table does not have: UPDATEs of counters fail (42703)",
  ],
  ["NEW.updated_at := now(); RETURN NEW;", EVERY, "DELETE", "INSERTs and UPDATEs and DELETEs of counters fail (42703)"],
  ['PERFORM OLD."Gone"; RETURN NULL;', "AFTER DELETE", "DELETE", "column Gone"],
  [
    "IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN NEW.updated_at = now(); RETURN NEW; ELSE RETURN OLD; END IF;",
    "BEFORE UPDATE",
    "UPDATE",
    "column updated_at",
  ],
  [
    "IF TG_OP = 'INSERT' THEN NEW.made := now(); ELSIF TG_OP IN ('UPDATE') THEN NEW.updated_at := now(); END IF; RETURN NEW;",
    "BEFORE UPDATE",
    "UPDATE",
    "column updated_at",
  ],
  [
    "CASE TG_TABLE_NAME WHEN 'counters' THEN NEW.nick := 'x'; ELSE NULL; END CASE; RETURN NEW;",
    "BEFORE UPDATE",
    "UPDATE",
    "column nick",
  ],
  [
    "IF OLD.gone IS DISTINCT FROM NEW.gone THEN RETURN NULL; END IF; RETURN NEW;",
    "BEFORE UPDATE",
    "UPDATE",
    "column gone",
  ],
  [
    "INSERT INTO users (id, made) VALUES (5, now()); RETURN NEW;",
    "BEFORE UPDATE",
    "UPDATE",
    "writes column made, which users does not have",
  ],
  ["RETURN NEW;", EVERY, "DELETE", "lets all DELETEs of counters get lost"],
  ["RETURN OLD;", "BEFORE UPDATE", "UPDATE", "lets all UPDATEs of counters get lost"],
  ["RETURN OLD;", EVERY, "INSERT", "lets all INSERTs and UPDATEs of counters get lost"],
  [
    "UPDATE users SET updated_at = now() WHERE id = OLD.id; RETURN NULL;",
    "BEFORE DELETE",
    "DELETE",
    "keeps the rows of all DELETEs of counters, without an error",
  ],
  [
    "INSERT INTO logs VALUES (OLD.id, TG_OP, now()); RETURN OLD;",
    "AFTER DELETE",
    "DELETE",
    "gives logs 3 values for 2 columns: DELETEs of counters fail (42601)",
  ],
  [
    "INSERT INTO logs (id, op) VALUES (NEW.id, TG_OP) ON CONFLICT (id) DO NOTHING; RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "writes logs ON CONFLICT (id), over which it has no unique index: UPDATEs of counters fail (42P10)",
  ],
  [
    "INSERT INTO moods (id, mood) VALUES (NEW.id, 'c'); RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "names 'c' for column mood of moods, which is no value of mood: UPDATEs of counters fail (22P02)",
  ],
  [
    "UPDATE moods SET day = NEW.n WHERE id = NEW.id; RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "writes n, which is bigint, to column day of moods, which is date: UPDATEs of counters fail (42804)",
  ],
  ["INSERT INTO moods (mood) SELECT NEW.n; RETURN NULL;", "AFTER UPDATE", "UPDATE", "which is mood"],
  ["NEW.n := 1;", "BEFORE UPDATE", "UPDATE", "ends without RETURN: UPDATEs of counters fail (2F005)"],
  ["PERFORM 1;", "AFTER UPDATE", "UPDATE", "ends without RETURN"],
  [
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;",
    "BEFORE UPDATE OR DELETE",
    "UPDATE",
    "UPDATEs of counters fail (2F005)",
  ],
  [
    "INSERT INTO logs (op) VALUES (TG_OP); RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "leaves out column id of logs, which is NOT NULL and has no default: UPDATEs of counters fail (23502)",
  ],
  [
    "IF NEW.n IS DISTINCT FROM OLD.n THEN INSERT INTO logs VALUES (NULL, TG_OP); END IF; RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "writes NULL to column id of logs, which is NOT NULL",
  ],
  [
    "INSERT INTO logs (id, op) VALUES (NEW.id, TG_OP); RETURN NULL;",
    "AFTER INSERT OR UPDATE OR DELETE",
    "DELETE",
    "writes a column of NEW, which is NULL there, to column id of logs, which is NOT NULL: DELETEs of counters fail (23502)",
  ],
  [
    "IF TG_OP = 'INSERT' THEN INSERT INTO logs (id, op) VALUES (OLD.id, TG_OP); END IF; RETURN NULL;",
    "AFTER INSERT OR UPDATE",
    "INSERT",
    "writes a column of OLD, which is NULL there",
  ],
  [
    "UPDATE counters SET n = 1 WHERE id = NEW.id; RETURN NULL;",
    "AFTER UPDATE",
    "UPDATE",
    "writes the table that it is on, which calls it again without end: UPDATEs of counters fail (54001)",
  ],
  ["UPDATE counters SET n = 1 WHERE counters.id = NEW.id; RETURN NEW;", "BEFORE UPDATE OF n", "UPDATE", "without end"],
  ["UPDATE counters SET n = 1; RETURN NULL;", "AFTER UPDATE", "UPDATE", "without end"],
  ["UPDATE counters SET n = 1 WHERE id = OLD.id; RETURN NULL;", "AFTER UPDATE", "UPDATE", "without end"],
  ["INSERT INTO counters (id) VALUES (NEW.id + 1); RETURN NULL;", "AFTER INSERT", "INSERT", "without end"],
  ["NEW.n := 1; RAISE EXCEPTION 'no';", "BEFORE UPDATE", "UPDATE", "refuses all UPDATEs of counters (P0001)"],
];

const MEANT = /P0001|get lost|keeps the rows/;

const GOOD: readonly (readonly [body: string, how: string])[] = [
  ["NEW.n := 1; RETURN NEW;", EVERY],
  ["NEW.updated_at := now(); RETURN NEW;", "BEFORE UPDATE ON users; --"],
  ["INSERT INTO logs VALUES (OLD.id); RETURN OLD;", "AFTER UPDATE"],
  [
    "INSERT INTO moods (id, mood, note) VALUES (NEW.id, 'b', NEW.n) ON CONFLICT (id) DO UPDATE SET note = NEW.n; RETURN NULL;",
    "AFTER UPDATE",
  ],
  ["UPDATE moods SET id = NEW.n, day = NULL; RETURN NULL;", "AFTER UPDATE"],
  ["DELETE FROM counters WHERE id = OLD.id AND pg_trigger_depth() < 2; RETURN OLD;", "AFTER DELETE"],
  ["IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", EVERY],
  ["IF TG_TABLE_NAME = 'users' THEN NEW.nick := 'x'; END IF; RETURN NEW;", "BEFORE UPDATE"],
  [
    "IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = TG_RELID AND attname = 'nick') THEN NEW.nick := 'x'; END IF; RETURN NEW;",
    "BEFORE UPDATE",
  ],
  ["BEGIN NEW.nick := 'x'; EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NEW;", "BEFORE UPDATE"],
  ["RETURN COALESCE(NEW, OLD);", EVERY],
  ["INSERT INTO users (id) VALUES (NEW.id + 1000) ON CONFLICT DO NOTHING; RETURN NULL;", "AFTER INSERT"],
  ["NEW := OLD; RETURN NEW;", "BEFORE DELETE"],
  ["IF NEW.n > 1000 THEN RETURN NULL; END IF; RETURN NEW;", "BEFORE UPDATE"],
  ["IF NEW.tableoid IS NULL THEN RETURN NULL; END IF; RETURN NEW;", "BEFORE UPDATE"],
  ["RETURN NEW;", "AFTER DELETE"],
  ["INSERT INTO logs (id, op) VALUES (COALESCE(NEW.id, OLD.id), TG_OP); RETURN NULL;", `AFTER ${EVERY.slice(7)}`],
  [
    "IF TG_OP = 'DELETE' THEN INSERT INTO logs VALUES (OLD.id, TG_OP); RETURN OLD; END IF; INSERT INTO logs VALUES (NEW.id, TG_OP); RETURN NEW;",
    `AFTER ${EVERY.slice(7)}`,
  ],
  ["BEGIN INSERT INTO logs (op) VALUES (TG_OP); EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NULL;", "AFTER UPDATE"],
  ["FOR i IN 1..0 LOOP INSERT INTO logs (op) VALUES (TG_OP); END LOOP; RETURN NULL;", "AFTER UPDATE"],
  ["IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF; UPDATE counters SET n = 1; RETURN NULL;", "AFTER UPDATE"],
  ["UPDATE counters SET n = 1 WHERE id = NEW.id; RETURN NULL;", "AFTER INSERT"],
  ["UPDATE counters SET n = 1 WHERE id = NEW.id AND n > 1; RETURN NULL;", "AFTER UPDATE"],
  ["UPDATE counters SET n = 1 WHERE id = NEW.id; RETURN NULL;", "AFTER UPDATE OF id"],
  ["INSERT INTO counters (id) VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL;", "AFTER INSERT"],
];

const made = ([body, how]: readonly [string, string, ...string[]]): string =>
  `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
CREATE TRIGGER t ${how.includes(" ON ") ? how.replace("; --", "") : `${how} ON counters`} FOR EACH ROW EXECUTE FUNCTION f();`;

describe("a first trigger whose body stops what running code writes", () => {
  test.each(BAD)("%s %s", async (...each) => {
    const [found] = (await judged([BASE, made(each)])).filter(({ rule }) => rule === "breaking-running-code");
    expect(found?.message).toContain(each[3]);
    // What it says that it refuses or leaves out may be meant; what fails does so for new code, too.
    const isMeant = MEANT.test(each[3]);
    for (const phase of ["contract", "expand"]) {
      const told = (await rules([BASE, `-- zmigrate:phase ${phase}\n${made(each)}`])).split(" ");
      expect(told.includes("breaking-running-code"), phase).toBe(!isMeant);
      expect(told.includes("wrong-phase"), phase).toBe(isMeant && phase === "expand");
    }
  });

  test.each(GOOD)("but not %s %s", async (...each) => {
    expect(await rules([BASE, made(each)])).toBe("");
  });

  test("of a table that is not known, or gets the column behind it in the same transaction", async () => {
    const touch = made(["NEW.updated_at := now(); RETURN NEW;", "BEFORE UPDATE"]);
    expect(await rules(["", touch])).toBe("");
    const added = "ALTER TABLE counters ADD COLUMN updated_at timestamptz;";
    expect(await rules([BASE, `BEGIN; ${touch} ${added} COMMIT;`])).not.toContain("breaking-running-code");
    expect(await rules([BASE, `${touch} ${added}`])).toContain("breaking-running-code");
  });

  test.each([
    [
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO logs (id) VALUES (NEW.gone); RETURN NEW; END $$;",
      "names column gone",
    ],
    [
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := 1; END $$;",
      "ends without RETURN",
    ],
  ])("or a new body of a trigger's function does, whatever the phase: %s", async (sql, why) => {
    const before = `${BASE} ${made(["RETURN NEW;", "BEFORE UPDATE"])}`;
    for (const phase of ["", "-- zmigrate:phase expand\n", "-- zmigrate:phase contract\n"]) {
      const [found] = (await judged([before, phase + sql])).filter(({ severity }) => severity === "error");
      expect(found).toMatchObject({ rule: "breaking-running-code", message: expect.stringContaining(why) });
      expect(found?.help).toMatch(/^(?:Add "gone" to "counters" in front of it|Correct what the trigger runs)/);
    }
  });

  test("a function of two tables is judged for each", async () => {
    const touch =
      "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;";
    const on = (table: string) =>
      `CREATE TRIGGER t_${table} BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch();`;
    expect(await rules([BASE + touch, on("users")])).toBe("");
    expect(await rules([BASE + touch, on("counters")])).toBe("breaking-running-code");
  });

  test("WHEN says for which rows it is", async () => {
    const raise =
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nick is readonly'; END $$;";
    const when = async (condition: string, events = "INSERT OR UPDATE OF nick") => {
      const sql = `${raise} CREATE TRIGGER t BEFORE ${events} ON users FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION f();`;
      const found = (await judged([BASE, sql])).filter(({ rule }) => rule === "breaking-running-code");
      return found.map(({ message }) => message).join();
    };
    expect(await when("NEW.nick IS NOT NULL")).toContain(
      "refuses all INSERTs and UPDATEs of users that give nick a value (P0001)",
    );
    expect(await when("OLD.nick IS DISTINCT FROM NEW.nick", "UPDATE")).toContain("UPDATEs of users that change nick");
    expect(await when("OLD.* IS DISTINCT FROM NEW.*", "UPDATE")).toContain("UPDATEs of users that change a row");
    expect(await when("NEW.id < 0")).toBe("");
    expect(await when("NEW.nick IS NULL")).toBe("");
  });
});

const MINE =
  "CREATE TABLE plain (id int PRIMARY KEY, a int); CREATE TABLE log (id int PRIMARY KEY AUTO_INCREMENT, what varchar(20)); CREATE TABLE kept (id int NOT NULL, what varchar(20));";
const writing = (body: string) => `CREATE TRIGGER t AFTER UPDATE ON plain FOR EACH ROW ${body};`;
const GONE = ["INSERT INTO log (nope) VALUES (1)", "UPDATE log SET nope = 1 WHERE id = NEW.id"];
const ITSELF = [
  "UPDATE plain SET a = a + 1 WHERE id = NEW.id",
  "INSERT IGNORE INTO plain (id) SELECT id + 1000 FROM plain WHERE id < 0",
  "BEGIN SET @a = NEW.id; DELETE FROM plain WHERE id = 77; END",
];
const THERE = [
  "SET @most = (SELECT max(id) FROM plain)",
  "IF NEW.a < 0 THEN UPDATE plain SET a = 1; END IF",
  "INSERT INTO log (what) SELECT 'x' FROM plain",
  "INSERT INTO log (WHAT) VALUES ('x')",
  "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET @failed = 1; INSERT INTO log (nope) VALUES (1); END",
  "IF NEW.a < 0 THEN INSERT INTO log (nope) VALUES (1); END IF",
  "b: BEGIN IF @off IS NULL THEN LEAVE b; END IF; INSERT INTO log (nope) VALUES (1); END",
  "b: BEGIN IF @off IS NULL THEN LEAVE b; END IF; SIGNAL SQLSTATE '45000'; END",
  "INSERT INTO log (id) VALUES (NULL)",
];
const UNFILLED = [
  ["INSERT INTO kept (what) VALUES ('x')", "leaves out column id of kept, which is NOT NULL and has no default", 1364],
  ["BEGIN REPLACE INTO kept SET what = 'x'; END", "leaves out column id of kept", 1364],
  ["INSERT INTO kept VALUES (1, 'x'), (null, 'y')", "writes NULL to column id of kept, which is NOT NULL", 1048],
  ["INSERT INTO kept VALUES (1, 'x', 3)", "gives kept 3 values for 2 columns", 1136],
  ["INSERT INTO kept (id, what) VALUES (1)", "gives kept 1 values for 2 columns", 1136],
] as const;

describe.each(["mysql", "mariadb"] as const)("%s: a first trigger that writes a table", (engine) => {
  test.each(GONE)("%s", async (body) => {
    const [found] = (await judged([MINE, writing(body)], engine)).filter(({ severity }) => severity === "error");
    expect(found?.message).toContain(
      "the trigger writes column nope, which log does not have: UPDATEs of plain fail (1054)",
    );
  });
  test.each(ITSELF)("its own: %s", async (body) => {
    const [found] = (await judged([MINE, writing(body)], engine)).filter(({ severity }) => severity === "error");
    expect(found?.message).toContain("the trigger writes plain itself, which it is on: UPDATEs of plain fail (1442)");
  });
  test.each(UNFILLED)("that it does not fill: %s", async (body, why, code) => {
    const [found] = (await judged([MINE, writing(body)], engine)).filter(({ severity }) => severity === "error");
    expect(found?.message).toContain(`the trigger ${why}`);
    expect(found?.message).toContain(`UPDATEs of plain fail (${code})`);
  });
  test.each(THERE)("but not %s", async (body) => {
    expect(await rules([MINE, writing(body)], engine)).toBe("");
  });
  test("that is not known", async () => {
    const unseen = `${MINE.replace("TABLE log", "TABLE logs")} ALTER TABLE log ADD COLUMN more int;`;
    expect(await rules([unseen, writing(GONE[0] ?? "")], engine)).not.toContain("breaking");
  });

  describeServer(engine, (server) => {
    test("does what is said of it", async () => {
      const db = await server.createDatabase("writing");
      for (const sql of MINE.split(";").filter((text) => text.trim() !== "")) await query(db.url, sql);
      await query(db.url, "INSERT INTO plain VALUES (1, 1)");
      for (const body of [...GONE, ...ITSELF, ...UNFILLED.map(([each]) => each), ...THERE]) {
        await query(db.url, writing(body));
        const failed = await query(db.url, "UPDATE plain SET a = a + 1").then(
          () => false,
          () => true,
        );
        expect([body, failed]).toEqual([body, !THERE.includes(body)]);
        await query(db.url, "DROP TRIGGER t");
      }
      await db.drop();
    });
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("bodies");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  const WRITES = {
    INSERT: "INSERT INTO counters VALUES (9, 9) RETURNING id",
    UPDATE: "UPDATE counters SET n = 77 WHERE id = 1 RETURNING n",
    DELETE: "DELETE FROM counters WHERE id = 1 RETURNING id",
  };
  const isDone = async (sql: string, write: keyof typeof WRITES) => {
    await query(
      db.url,
      `DROP FUNCTION IF EXISTS f() CASCADE; DELETE FROM counters; INSERT INTO counters VALUES (1, 5); ${sql}`,
    );
    const rows = await query(db.url, WRITES[write]).catch(() => []);
    return rows.length === 1 && (write !== "UPDATE" || String(rows[0]?.n) !== "5");
  };

  test("does what is said of it", async () => {
    for (const each of BAD) expect([each, await isDone(made(each), each[2])]).toEqual([each, false]);
    for (const each of GOOD)
      for (const write of ["INSERT", "UPDATE", "DELETE"] as const)
        expect([each, write, await isDone(made(each), write)]).toEqual([each, write, true]);
  });
});
