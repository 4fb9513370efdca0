import { expect, it } from "vitest";
import { outcomeOf } from "../../src/queries/outcome.js";

const column = (name: string, type = "text") => ({ name, type });
const works = (given: object = {}) => ({
  kind: "works" as const,
  columns: [column("a"), column("b")],
  parameters: ["integer"],
  meaning: "SELECT t.a, t.b FROM t WHERE (t.a = $1)",
  leavesOut: [],
  ...given,
});

it.each([
  ["nothing", {}, "works", null],
  ["one more column", { columns: [column("a"), column("b"), column("c")] }, "changes", 'returns "c" too'],
  ["a column less", { columns: [column("a")] }, "changes", 'no longer returns "b"'],
  ["another type", { columns: [column("a", "bigint"), column("b")] }, "changes", '"a" is bigint, was text'],
  [
    "another order",
    { columns: [column("b"), column("a")] },
    "changes",
    "returns its columns in another order or number",
  ],
  ["another parameter", { parameters: ["bigint"] }, "changes", "$1 is bigint, was integer"],
  [
    "another meaning",
    { meaning: "SELECT t.a, t.b FROM t WHERE (u.a = $1)" },
    "changes",
    "is understood as `WHERE (u.a`, was `WHERE (t.a`",
  ],
  [
    "a column that must not be NULL",
    { leavesOut: ["t.c"] },
    "unknown",
    "leaves out t.c, which is NOT NULL and has no default: a trigger may give it a value",
  ],
])("tells of %s", (_, now, verdict, reason) => {
  expect(outcomeOf(works(now), works())).toEqual({ verdict, reason });
});

it("passes on why it breaks, or why nobody can tell", () => {
  expect(outcomeOf({ kind: "breaks", reason: "no" }, works())).toEqual({ verdict: "breaks", reason: "no" });
  expect(outcomeOf({ kind: "unknown", reason: "?" }, null)).toEqual({ verdict: "unknown", reason: "?" });
});
