import { expect, test } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = `CREATE TYPE role AS ENUM ('a'); CREATE DOMAIN mail AS text; CREATE TYPE pair AS (x int, y int);
CREATE TABLE docs (id bigint PRIMARY KEY, a bigint, r role); CREATE VIEW shown AS SELECT id FROM docs;`;
const made = (declared: string, body: string, head = "f(p bigint) RETURNS bigint") =>
  `CREATE FUNCTION ${head} LANGUAGE plpgsql AS $$ DECLARE n bigint; ${declared} BEGIN ${body} END $$;`;

/** Types of the database in places where a value may stand. */
const READ = [
  made("v role;", "SELECT a, r INTO n, v FROM docs WHERE id = p; RETURN n;"),
  made("\"V\" public.mail NOT NULL := 'x';", 'SELECT a, r INTO n, "V" FROM docs; RETURN n;'),
  made("v role[]; w docs.r%TYPE; k CONSTANT role := 'a';", "SELECT a, r, r INTO n, v, w FROM docs; RETURN n;"),
  made("", "SELECT 'a', 'b' INTO x, y;", "f(p bigint, OUT x role, OUT y text)"),
  made("", "FOR x, y IN SELECT 'a', 'b' LOOP RETURN NEXT; END LOOP;", "f(p bigint) RETURNS TABLE (x role, y text)"),
  made("v mail;", "FOR v, n IN SELECT 'a', 1 LOOP END LOOP; GET DIAGNOSTICS v = ROW_COUNT; RETURN n;"),
  made("v role; c refcursor;", "OPEN c FOR SELECT 1, 'a'; FETCH c INTO n, v; RETURN n;"),
  made("v role;", "INSERT INTO docs (id) VALUES (1) RETURNING id, r INTO n, v; RETURN n;"),
  made("c docs%ROWTYPE; v role;", "SELECT 1 INTO c.id; SELECT 1, 'a' INTO c.a, v; RETURN c.id;"),
  made("d docs; v role;", "SELECT * INTO d FROM docs; SELECT 1, 'a' INTO d.id, v; RETURN d.id;"),
  "DO $$ DECLARE n bigint; v role; BEGIN SELECT a, r INTO n, v FROM docs; END $$;",
  "DO E'DECLARE n bigint;\\n v role; BEGIN SELECT a, r INTO n, v FROM docs; END';",
  "DO 'DECLARE n text; v role; BEGIN SELECT ''x'', r INTO n, v FROM docs; END';",
];
/** Rows where only a value may stand, and what the library told without the types. */
const REFUSED = [
  made("v docs;", "SELECT 1, 2 INTO n, v; RETURN n;"),
  made("v role; w pair;", "SELECT 'a', 2 INTO v, w; RETURN n;"),
  made("v shown;", "SELECT 1, 2 INTO v, n; RETURN n;"),
  made("v docs;", "FOR v, n IN SELECT 1, 2 LOOP END LOOP; RETURN n;"),
  made("v record; w role;", "SELECT 1, 2 INTO w, v; RETURN n;"),
  made("v role;", "SELECT a, r INTO n, v FROM docs; RETRUN n;"),
  made("v role;", "SELECT a, r INTO n, v, nope FROM docs; RETURN n;"),
  "DO $$ DECLARE n bigint; v docs; BEGIN SELECT a, r INTO n, v FROM docs; END $$;",
];

const UNREAD = new Set(["unreadable-routine", "not-supported-yet"]);
const unread = async (sql: string) => (await judged([BASE, sql])).filter(({ rule }) => UNREAD.has(rule));

test.each(READ)("is read: %s", async (sql) => expect(await unread(sql)).toEqual([]));
test.each(REFUSED)("is not: %s", async (sql) => expect(await unread(sql)).toMatchObject([{ severity: "error" }]));

describeServer("postgres", (server) => {
  test("the server takes the ones, and none of the others", async () => {
    const db = await server.createDatabase("unreadable");
    await query(db.url, BASE);
    const once = (sql: string) => query(db.url, `BEGIN; ${sql} ROLLBACK;`);
    for (const sql of READ) await once(sql);
    for (const sql of REFUSED) await expect(once(sql), sql).rejects.toMatchObject({ code: "42601" });
    await db.drop();
  });
});
