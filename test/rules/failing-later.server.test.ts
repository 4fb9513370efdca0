import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const STATS = "CREATE TABLE t (id int); CREATE TABLE stats (day int CONSTRAINT stats_pkey PRIMARY KEY, n int);";
const counting = (conflict: string) =>
  `${STATS} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO stats (day, n) VALUES (1, 1) ON CONFLICT ${conflict} DO UPDATE SET n = stats.n + 1; RETURN NEW; END $$; CREATE TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();`;
const CONTRACT = "-- zmigrate:phase contract\n";
const DROP = `${CONTRACT}ALTER TABLE stats DROP CONSTRAINT stats_pkey;`;
const INSERT = "INSERT INTO t VALUES (1)";
const DOCS = "CREATE TABLE docs (id int, body text, s tsvector);";
const search = (configuration: string) =>
  `CREATE TRIGGER s BEFORE INSERT ON docs FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(s, '${configuration}', body);`;

/** What there is, the file, a statement of running code, the code that it fails with from then on, and what is said of it. */
type Bad = readonly [history: string, file: string, probe: string, code: string, said: string];
const BAD: readonly Bad[] = [
  [counting("(day)"), DROP, INSERT, "42P10", "INSERTs of t fail (42P10)"],
  [counting("ON CONSTRAINT stats_pkey"), DROP, INSERT, "42704", "INSERTs of t fail"],
  [
    `${counting("(day, n)")} CREATE UNIQUE INDEX two ON stats (n, day);`,
    `${CONTRACT}DROP INDEX CONCURRENTLY two;`,
    INSERT,
    "42P10",
    "trigger c on t writes stats ON CONFLICT, which goes by two",
  ],
  [DOCS, search("english"), "INSERT INTO docs VALUES (1, 'a')", "22023", "INSERTs of docs fail (22023)"],
];

const GOOD: readonly (readonly [history: string, file: string, probe: string])[] = [
  [`${counting("(day)")} CREATE UNIQUE INDEX one ON stats (day);`, DROP, INSERT],
  [
    `${counting("(day)")} CREATE UNIQUE INDEX one ON stats (day);`,
    `${CONTRACT}ALTER TABLE stats DROP CONSTRAINT stats_pkey, ADD CONSTRAINT again UNIQUE USING INDEX one;`,
    INSERT,
  ],
  [`${counting("(day)")} DROP TRIGGER c ON t;`, DROP, INSERT],
  [DOCS, search("pg_catalog.english"), "INSERT INTO docs VALUES (1, 'a')"],
];

const errors = async (history: string, file: string) =>
  (await judged([history, file])).filter(({ severity }) => severity === "error");

describe("what running code, or the database itself, meets later", () => {
  test.each(BAD)("%s %s", async (...each) => {
    const found = await errors(each[0], each[1]);
    expect(found.map(({ message }) => message).join()).toContain(each[4]);
  });
  test.each(GOOD)("but not %s %s", async (...each) => {
    expect((await errors(each[0], each[1])).map(({ message }) => message)).toEqual([]);
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("later");
  });
  afterAll(() => db?.drop());

  const met = async (history: string, file: string, probe: string) => {
    await query(db.url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${history}`);
    for (const sql of [`BEGIN; ${probe}; ROLLBACK`, file]) await query(db.url, sql);
    return query(db.url, probe).then(
      () => null,
      (error) => String(error.code),
    );
  };

  test("is what a server says", async () => {
    for (const [history, file, probe, code] of BAD)
      expect([file, await met(history, file, probe)]).toEqual([file, code]);
    for (const [history, file, probe] of GOOD) expect([file, await met(history, file, probe)]).toEqual([file, null]);
  });
});
