import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const STATS = "CREATE TABLE t (id int); CREATE TABLE stats (day int CONSTRAINT stats_pkey PRIMARY KEY, n int);";
const counting = (conflict: string) =>
  `${STATS} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO stats (day, n) VALUES (1, 1) ON CONFLICT ${conflict} DO UPDATE SET n = stats.n + 1; RETURN NEW; END $$; CREATE TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();`;
const CONTRACT = "-- zmigrate:phase contract\n";
const DROP = `${CONTRACT}ALTER TABLE stats DROP CONSTRAINT stats_pkey;`;
const INSERT = "INSERT INTO t VALUES (1)";
const PARENT =
  "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE p2 (a int, b int, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1);";
const SETS = `${PARENT} CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p ON DELETE SET NULL); INSERT INTO c VALUES (1, 1);`;
const DELETE = "DELETE FROM p";
const REFERRED = "INSERT INTO c VALUES (2, 1); DELETE FROM p";
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
  [SETS, "ALTER TABLE c ADD CONSTRAINT n CHECK (p_id IS NOT NULL) NOT VALID;", DELETE, "23514", "sets p_id NULL"],
  [
    PARENT,
    `CREATE TABLE c (id int PRIMARY KEY, p_id int NOT NULL REFERENCES p ON DELETE SET NULL);`,
    REFERRED,
    "23502",
    "sets p_id NULL",
  ],
  [
    `${PARENT} CREATE TABLE c (id int PRIMARY KEY, p_id int NOT NULL);`,
    `CREATE INDEX CONCURRENTLY c_p ON c (p_id); ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p ON DELETE SET NULL NOT VALID;`,
    REFERRED,
    "23502",
    "foreign key k sets p_id NULL",
  ],
  [
    DOCS,
    "ALTER TABLE docs ALTER COLUMN body SET DEFAULT current_setting('app.tenant');",
    "INSERT INTO docs (id) VALUES (1)",
    "42704",
    "in a session that has not set app.tenant",
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
  [SETS, "ALTER TABLE c ADD CONSTRAINT n CHECK (id IS NOT NULL) NOT VALID;", DELETE],
  [SETS, "ALTER TABLE c ADD CONSTRAINT n CHECK (p_id > 0) NOT VALID;", DELETE],
  [SETS.replace("SET NULL", "CASCADE"), "ALTER TABLE c ADD CONSTRAINT n CHECK (p_id IS NOT NULL) NOT VALID;", DELETE],
  [
    `${PARENT} CREATE TABLE c (a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES p2 (a, b) ON DELETE SET NULL (b)); INSERT INTO p2 VALUES (1, 1); INSERT INTO c VALUES (1, 1);`,
    "ALTER TABLE c ADD CONSTRAINT n CHECK (a IS NOT NULL) NOT VALID;",
    "DELETE FROM p2",
  ],
  [
    DOCS,
    "ALTER TABLE docs ALTER COLUMN body SET DEFAULT coalesce(current_setting('app.tenant', true), current_setting('work_mem'));",
    "INSERT INTO docs (id) VALUES (1)",
  ],
  [DOCS, search("pg_catalog.english"), "INSERT INTO docs VALUES (1, 'a')"],
];

const errors = async (history: string, file: string) =>
  (await judged([history, file])).filter(({ severity }) => severity === "error");

describe("what running code, or the database itself, meets later", () => {
  test.each(BAD)("%s %s", async (...each) => {
    const found = await errors(each[0], each[1]);
    expect(found.map(({ message }) => message).join()).toContain(each[4]);
  });
  test("but not of a parent that the file itself makes", async () => {
    const both = `${PARENT} CREATE TABLE c (p_id int NOT NULL REFERENCES p ON DELETE SET NULL);`;
    expect(await errors("CREATE TABLE other (id int);", both)).toEqual([]);
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
    for (const sql of file.split(/(?<=;)\s/)) await query(db.url, sql);
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
