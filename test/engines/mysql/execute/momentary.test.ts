import { expect, it } from "vitest";
import { alone } from "../../../../src/engines/mysql/execute/momentary.js";
import type { Lock } from "../../../../src/model/effect.js";
import { describeDialects } from "../support/database.js";

const MODIFY = "ALTER TABLE `t` MODIFY COLUMN b int NOT NULL, ALGORITHM=INPLACE, LOCK=NONE";

describeDialects("momentary", (bench) => {
  const lock: Lock = {
    relation: { schema: null, name: "t" },
    mode: "MDL EXCLUSIVE",
    blocks: "writes",
    held: "rewrite",
  };
  const duplicate = (key: string) =>
    Object.assign(new Error(`Duplicate entry 'a.b' for key '${key}'`), { errno: 1062 });
  const why = (error: unknown, statement = MODIFY) =>
    bench.database().momentary?.(bench.session(), error, statement, [lock]);

  it("takes for a moment's what a key that was unique before, and is, cannot have", async () => {
    await bench.sql("CREATE TABLE t (id int PRIMARY KEY, email varchar(20), b int, UNIQUE KEY ue (email), KEY kb (b))");
    expect(await why(duplicate("t.ue"))).toContain("no two rows are equal in ue");
    expect(await why(duplicate("ue"))).toContain("no two rows are equal in ue");
    expect([await why(duplicate("t.kb")), await why(duplicate("t.uf")), await why(new Error("x"))]).toEqual([
      null,
      null,
      null,
    ]);
    const made = "ALTER TABLE `t` DROP INDEX ue, ADD UNIQUE ue (b), ALGORITHM=INPLACE, LOCK=NONE";
    expect([await why(duplicate("t.ue"), made), await why(duplicate("t.ue"), alone(MODIFY))]).toEqual([null, null]);
  });
});

it("has writers wait, and changes nothing else of the statement", () => {
  expect(alone(MODIFY)).toBe("ALTER TABLE `t` MODIFY COLUMN b int NOT NULL, ALGORITHM=INPLACE, LOCK=SHARED");
});
