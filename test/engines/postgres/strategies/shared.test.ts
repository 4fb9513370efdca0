import { expect, it } from "vitest";
import { planOn } from "../support/plan.js";

const T = `CREATE TABLE p (x int, y int, PRIMARY KEY (x, y));
  CREATE TABLE t (a int, e int, f int, g int, h int, i int, j int, PRIMARY KEY (i, j),
    CONSTRAINT fk FOREIGN KEY (a, e) REFERENCES p (x, y), CONSTRAINT ck CHECK (a > f));
  CREATE INDEX parts ON t (a) INCLUDE (g) WHERE h > 0;`;

/** What a migration waits for besides its own column: `t.e`. */
async function shares(migration: string): Promise<string[]> {
  const { plan, refusals } = await planOn(T, migration);
  if (plan === null) throw new Error(JSON.stringify(refusals));
  return (plan.claims ?? []).flatMap((c) =>
    c.shares === true ? [`${c.relation.name}.${c.name} by ${c.through}`] : [],
  );
}

it.each(["RENAME COLUMN a TO b", "ALTER a TYPE bigint"])(
  "%s shares what its indexes, checks and keys name",
  async (sql) => {
    expect(await shares(`ALTER TABLE t ${sql};`)).toEqual([
      "t.g by the index parts",
      "t.h by the index parts",
      "t.f by the constraint ck",
      "t.e by the constraint fk",
      "p.x by the constraint fk",
      "p.y by the constraint fk",
    ]);
  },
);

it("shares a primary key", async () => {
  expect(await shares("ALTER TABLE t ALTER i TYPE bigint;")).toEqual(["t.j by the index t_pkey"]);
});

it("refuses DEFERRABLE where the table's size is not known", async () => {
  const late = "CREATE TABLE d (pos int, CONSTRAINT uq UNIQUE (pos) DEFERRABLE);";
  const { refusals } = await planOn(late, "ALTER TABLE d RENAME pos TO place;");
  expect(refusals[0]?.reason).toMatch(/uq of d is DEFERRABLE: .*how large d is is not known/);
});

const refusal = async (migration: string): Promise<string | undefined> =>
  (await planOn(T, migration)).refusals[0]?.reason;

// A copy that is made beside a change of type would stand on the column that this one parks, and go with it.
it.each([
  "ALTER TABLE t ALTER a TYPE bigint, ALTER g TYPE bigint;",
  "ALTER TABLE t ALTER h TYPE bigint; ALTER TABLE t RENAME a TO b;",
])("refuses in one file: %s", async (sql) => {
  expect(await refusal(sql)).toMatch(/this changes another column of the index parts: the two cannot run beside/);
});

it("refuses two of a primary key in one file", async () => {
  const reason = await refusal("ALTER TABLE t ALTER i TYPE bigint, ALTER j TYPE bigint;");
  expect(reason).toMatch(
    /changes the type of i, in several steps, and this changes another column of the index t_pkey/,
  );
});

it.each([
  "ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME g TO k;",
  "ALTER TABLE t RENAME a TO b; ALTER TABLE t ALTER h TYPE bigint;",
  "ALTER TABLE t ALTER a TYPE bigint, ALTER j TYPE bigint;",
])("lets stand in one file: %s", async (sql) => expect(await refusal(sql)).toBeUndefined());
