import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engines/engine.js";
import { isError } from "../../../src/errors.js";
import { emptyCatalog } from "../../../src/history/replay.js";
import { planMigration } from "../../../src/plan/plan.js";
import { loaded, planned, planOf, read, written } from "./support.js";

const RENAME =
  '-- Clearer.\n-- zmigrate:gate soak=48h\n-- zmigrate:gate old-writers=1h\n-- zmigrate:gate flag=new.a\n-- zmigrate:gate sql="SELECT \'""\'"\n-- zmigrate:batch rows=50\nALTER TABLE t RENAME COLUMN a TO b;\n';
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

const CHANGES: Readonly<Record<string, readonly string[]>> = {
  postgres: [
    RENAME,
    'ALTER TABLE t RENAME COLUMN a TO "b\n ""DROP TABLE t; --";\n',
    "ALTER TABLE t DROP COLUMN n;\nALTER TABLE t ADD COLUMN m int;\n",
    "ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (p_id) REFERENCES p (id);\nCREATE INDEX t_n ON t (n);\n",
    "UPDATE t SET n = 1 WHERE n IS NULL;\nDELETE FROM t AS u WHERE u.n < 0;\n",
    "CREATE OR REPLACE VIEW v AS SELECT 1 AS a;\nCOMMENT ON VIEW v IS 'x';\n",
    "-- zmigrate:fill 0\nALTER TABLE t ALTER COLUMN n SET NOT NULL;\n",
  ],
  mysql: [
    RENAME,
    "ALTER TABLE t RENAME COLUMN a TO `b;\n ``c`;\n",
    "ALTER TABLE t DROP COLUMN n;\n",
    "UPDATE t SET n = 1 WHERE n IS NULL;\n",
    "CREATE INDEX t_n ON t (n)",
  ],
  mariadb: [RENAME, "ALTER TABLE t DROP COLUMN n;\n"],
};

describe.each(["postgres", "mysql", "mariadb"] as const)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loaded(name);
  });

  it.each(CHANGES[name] ?? [])("reads back as the same plan: %s", (text) => {
    const before = planned(engine, text);
    const file = written(engine, text);
    const after = planned(engine, file);
    expect(plain(after.plan)).toEqual(plain(before.plan));
    expect(plain(after.catalog)).toEqual(plain(before.catalog));
    expect(engine.parse(file).problems).toEqual([]);
  });

  it("keeps what the file was, so that the history knows the change", () => {
    const { statements, directives, written: steps } = read(engine, written(engine, RENAME));
    expect(statements.map((s) => s.sql)).toEqual(["ALTER TABLE t RENAME COLUMN a TO b"]);
    expect(directives.map((d) => d.kind)).toEqual(["gate", "gate", "gate", "gate", "batch"]);
    expect(steps?.edited).toEqual([]);
  });

  it("runs what an edit says, and says that it was edited", () => {
    const file = written(engine, RENAME).replace(/^( WHERE .*);$/m, "$1 AND 1 = 1;");
    const plan = planOf(engine, file);
    const [fill] = plan.steps.filter((s) => s.backfill !== null);
    expect(fill?.backfill?.where).toMatch(/ AND 1 = 1$/);
    const [verify] = plan.steps.filter((s) => s.verify !== null);
    expect(verify?.verify?.repair).toEqual(fill?.backfill);
    expect(plan.notes.at(-1)).toMatch(/^Step 1-backfill was edited by hand/);
  });
});

describe("on postgres", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loaded("postgres");
  });

  it("looks anew at what an edited statement locks", () => {
    const file = written(engine, "CREATE INDEX t_n ON t (n);\n").replace(/^CREATE INDEX CONCURRENTLY/m, "CREATE INDEX");
    const [step] = planOf(engine, file).steps;
    expect(step?.locks.map((l) => l.mode)).toEqual(["SHARE"]);
  });

  it("takes the gates and notes that stand in the file, and what a rollback leaves", () => {
    const file = written(engine, RENAME)
      .replace("soak=172800000ms", "soak=3d")
      .replace("\n-- zmigrate:note ", "\n-- zmigrate:leaves A rollback leaves t.\n-- zmigrate:note Mine.$&");
    const { gates, notes, leaves } = planOf(engine, file);
    expect(gates).toContainEqual({ name: "soak", setting: "259200000" });
    expect(notes[0]).toBe("Mine.");
    expect(leaves).toEqual(["A rollback leaves t."]);
  });

  it("is refused for another engine", async () => {
    const mysql = await loaded("mysql");
    const file = written(mysql, "CREATE INDEX t_n ON t (n);\n")
      .replaceAll(/^(?!--).*$/gm, "")
      .concat("SELECT 1;\n");
    expect(planned(engine, file).refusals).toMatchObject([{ line: 1, reason: expect.stringContaining("mysql") }]);
  });

  it("is refused on a server of another first number, which may ask for other statements", () => {
    const migration = read(engine, written(engine, "CREATE INDEX t_n ON t (n);\n"));
    const catalog = { ...emptyCatalog("database", "public"), complete: true };
    const on = (text: string, major: number) =>
      planMigration(migration, { engine, catalog, version: { text, parts: [major] } }).refusals.map((r) => r.reason);
    expect(on("14.9", 14)).toEqual([]);
    expect(on("18.4", 18)).toEqual(["The steps of this file were written for postgres 14, and this is postgres 18.4."]);
  });

  const broken: readonly [string, (file: string) => string, string][] = [
    ["a step's data", (f) => f.replace(/^-- zmigrate:with .*$/m, "-- zmigrate:with {"), "no JSON object"],
    ["a step without its data", (f) => f.replace(/^-- zmigrate:with .*\n/m, ""), "zmigrate:with` is missing"],
    ["a second reason", (f) => f.replace(/^(-- zmigrate:why .*)$/m, "$1\n$1"), "a second line"],
    ["a kind that is none", (f) => f.replace(/ ddl$/m, " dll"), "a step is an id"],
    ["a step twice", (f) => f.replace("step 1-verify verify", "step 1-backfill verify"), "two steps 1-backfill"],
    ["another table under a backfill", (f) => f.replace('UPDATE "t"\n', 'UPDATE "u"\n'), "a backfill is"],
    ["a backfill without a condition", (f) => f.replace(/^ WHERE .*;$/m, ";"), "a backfill is"],
    ["another count", (f) => f.replace("SELECT count(*) FROM", "SELECT count(id) FROM"), "a comparison is"],
    [
      "a statement before the first step",
      (f) => f.replace("-- zmigrate:phase expand", "SELECT 1;\n-- zmigrate:phase expand"),
      "belongs to no step",
    ],
    [
      "a drop in expand",
      (f) => f.replace("-- zmigrate:phase contract", "-- zmigrate:phase expand"),
      "in the contract phase",
    ],
    ["steps without what they were", (f) => f.replaceAll(/^-- zmigrate:from.*\n/gm, ""), "begin with"],
    ["an edit of what the file was", (f) => f.replace("TO b;", "TO c;"), "was edited"],
    ["no head", (f) => f.replace(/^-- zmigrate:written .*\n/m, ""), "zmigrate:written` is missing"],
    ["quotes that do not close", (f) => f.replace(/^-- zmigrate:why /m, '-- zmigrate:why "'), "do not close"],
  ];

  it.each(broken)("refuses %s at its line", (_, edit, reason) => {
    const file = written(engine, RENAME);
    const edited = edit(file);
    expect(edited).not.toBe(file);
    let thrown: unknown;
    try {
      read(engine, edited);
    } catch (error) {
      thrown = error;
    }
    if (!isError(thrown, "bad-directive")) throw thrown;
    expect(thrown.data.reason).toContain(reason);
  });
});
