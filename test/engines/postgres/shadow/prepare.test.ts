import { afterAll, beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../src/engines/postgres/parse/library.js";
import { openShadow } from "../../../../src/engines/postgres/shadow/index.js";
import type { Prepared, Shadow } from "../../../../src/engines/shadow.js";

const SETUP = [
  `CREATE TYPE mood AS ENUM ('fine')`,
  `CREATE TABLE users (id bigint PRIMARY KEY, email varchar(20) NOT NULL, name text, m mood);
   CREATE TABLE orders (id int, user_id bigint, note text)`,
  `CREATE TABLE filled (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, c int NOT NULL);
   CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := 1; RETURN NEW; END';
   CREATE TRIGGER theirs BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION theirs();
   CREATE FUNCTION ours() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW."b" := NEW."id"; RETURN NEW; END';
   CREATE TRIGGER zzz_zmigrate_x BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION ours()`,
];

let shadow: Shadow;
beforeAll(async () => {
  await loadParser();
  shadow = await openShadow([], { text: "18", parts: [18] });
  for (const sql of SETUP) expect((await shadow.run([sql])).failed).toBeNull();
}, 60_000);
afterAll(() => shadow.close());

const reason = (p: Prepared): string => (p.kind === "works" ? "works" : `${p.kind}: ${p.reason}`);

it("tells what a query takes, returns and means", async () => {
  const { meaning = "", ...rest } = { meaning: "", ...(await shadow.prepare("SELECT * FROM users WHERE id = $1")) };
  expect(rest).toEqual({
    kind: "works",
    columns: [
      { name: "id", type: "bigint" },
      { name: "email", type: "character varying" },
      { name: "name", type: "text" },
      { name: "m", type: "mood" },
    ],
    parameters: ["bigint"],
    leavesOut: [],
  });
  expect(meaning).toContain("users.email");
});

it.each([
  ["SELECT $1 IS NULL, $2 IS NULL OR $2 = 1", "works"],
  ["SELECT id FROM orders WHERE $1 IS NULL AND ($2 IS NULL OR user_id = $2)", "works"],
  ["SELECT id FROM users WHERE $1 IS NULL OR m = $1", "unknown: could not determine data type of parameter $1"],
  ["SELEC 1", 'unknown: syntax error at or near "SELEC"'],
  ["SELECT note FROM users", 'breaks: column "note" does not exist'],
  ["SELECT id FROM users, orders", 'breaks: column reference "id" is ambiguous'],
  ["SELECT 1 FROM users WHERE m = 'sad'", 'breaks: invalid input value for enum mood: "sad"'],
  ["INSERT INTO orders VALUES ($1)", "works"],
  ["INSERT INTO orders VALUES (1, 2, 'a', 4)", "breaks: INSERT has more expressions than target columns"],
  ["INSERT INTO users (id, email) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", "works"],
  [
    "INSERT INTO users (id, email) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING",
    "breaks: there is no unique or exclusion constraint matching the ON CONFLICT specification",
  ],
  ["INSERT INTO users VALUES (1)", 'breaks: it leaves out "users"."email", which is NOT NULL and has no default'],
  [
    "WITH a AS (INSERT INTO users (id) SELECT id FROM orders RETURNING id) SELECT 1 FROM a",
    'breaks: it leaves out "users"."email", which is NOT NULL and has no default',
  ],
  [
    "INSERT INTO filled (id, a, b) VALUES (1, 2, 3)",
    'breaks: it leaves out "filled"."c", which is NOT NULL and has no default',
  ],
  ["INSERT INTO filled (id, a, c) VALUES (1, 2, 3)", "works"],
  ["UPDATE users SET name = $1 -- a comment at its end", "works"],
  ["SELECT 1; DROP TABLE users", "breaks: cannot insert multiple commands into a prepared statement"],
])("says of %s: %s", async (query, said) => {
  expect(reason(await shadow.prepare(query))).toBe(said);
});

it("tells the columns of a whole row, which the application sees", async () => {
  for (const query of [
    "SELECT row_to_json(o) FROM orders AS o",
    "SELECT o FROM orders o",
    "SELECT json_agg(o.*) FROM orders o",
  ])
    expect(await shadow.prepare(query)).toMatchObject({
      kind: "works",
      meaning: expect.stringContaining("\no.*: id integer, user_id bigint, note text"),
    });
});

it("says which columns a trigger of the application may fill", async () => {
  expect(await shadow.prepare("INSERT INTO filled (id, b, c) VALUES (1, 2, 3)")).toMatchObject({
    kind: "works",
    leavesOut: ['"filled"."a"'],
  });
});

it("runs nothing and leaves nothing behind", async () => {
  const before = await shadow.introspect();
  await shadow.prepare("INSERT INTO orders SELECT 1, 2, 'x' FROM generate_series(1, 10)");
  await shadow.prepare("SELECT nothing");
  await shadow.prepare("SELECT 1/0");
  expect(await shadow.introspect()).toEqual(before);
  expect(
    (await shadow.run(["DO $$BEGIN IF EXISTS (SELECT FROM orders) THEN RAISE 'a row'; END IF; END$$"])).failed,
  ).toBeNull();
});
