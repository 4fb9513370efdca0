import { describe, expect, it } from "vitest";
import { engineFor } from "../../../src/config/engine.js";
import { wholeOf } from "../../../src/engines/data-change/whole.js";
import { openShadow } from "../../../src/engines/postgres/shadow/index.js";

/** The embedded one. */
const VERSION = { text: "18", parts: [18] };

const relation = { schema: null, name: "t" };
const statement = {
  verb: "insert",
  into: relation,
  head: "INSERT INTO u SELECT a FROM t",
  alias: "t",
  tail: "ON CONFLICT DO NOTHING",
} as const;
const WORK = { relation, set: "", where: "a > 1 OR b", key: null, rows: null, targetMs: null, statement };

describe("an author's statement over the whole table", () => {
  it("has its condition in brackets, behind a range if there is one", () => {
    expect(wholeOf(statement, WORK)).toBe("INSERT INTO u SELECT a FROM t WHERE (a > 1 OR b) ON CONFLICT DO NOTHING");
    expect(wholeOf({ ...statement, tail: "" }, WORK, "k > 1 AND ")).toBe(
      "INSERT INTO u SELECT a FROM t WHERE k > 1 AND (a > 1 OR b)",
    );
  });

  it.each(["postgres", "mysql", "mariadb"] as const)(
    "stands once in a script for %s: no pass of it is repeated",
    async (name) => {
      const text = (await engineFor(name)).script.batches(WORK).join("\n");
      expect(text.split("INSERT INTO u")).toHaveLength(2);
      expect(text).not.toMatch(/LOOP|WHILE|UPDATE/);
    },
  );

  it("runs in a shadow", async () => {
    const shadow = await openShadow([], VERSION);
    await shadow.run(["CREATE TABLE t (a int, b bool)", "CREATE TABLE u (a int)"]);
    expect((await shadow.fill(WORK)).failed).toBeNull();
    expect((await shadow.fill({ ...WORK, where: "nowhere" })).failed).toContain("nowhere");
    await shadow.close();
  });
});
