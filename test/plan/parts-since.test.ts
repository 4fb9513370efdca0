import { expect, it } from "vitest";
import { step } from "../../src/engines/step.js";
import type { Step } from "../../src/model/step.js";
import { withPartsOf } from "../../src/plan/parts-since.js";

const named = (name: string) => ({ schema: "public", name });
const made = (id: string, of: string | null = null, table = ""): Step =>
  step({
    id,
    phase: "expand",
    kind: "ddl",
    reason: "",
    ...(of === null ? {} : { part: { of, table: named(table), above: named("t"), there: "SELECT true" } }),
  });
/** Builds and attaches an index of each table, and looks at the end whether it is whole. */
const index = (of: string, n: number, ...tables: readonly string[]): Step[] => [
  made(`${n}-create`),
  ...tables.map((table, at) => made(`${n}-create-${at + 1}`, of, table)),
  ...tables.map((table, at) => made(`${n}-attach-${at + 1}`, of, table)),
  made(`${n}-complete`),
];
const shown = (steps: readonly Step[] | undefined) => steps?.map((s) => [s.id, s.part?.table.name].join(" ").trim());

it("leaves steps alone whose parts are all there, and no others", () => {
  const steps = [...index("i", 1, "a", "b"), made("2-other")];
  expect(withPartsOf(steps, steps)).toEqual({ steps, notes: [] });
});

it("adds those of late parts behind the others, under ids of their own, and leaves out those of parts that went", () => {
  const written = [...index("i", 1, "a", "c"), ...index("j", 2, "a", "c")];
  const found = withPartsOf(written, [...index("i", 1, "b", "c"), ...index("j", 2, "b", "c")]);
  const of = (n: number) => [
    `${n}-create`,
    `${n}-create-2 c`,
    `${n}-attach-2 c`,
    `${n}-create-1 b`,
    `${n}-attach-1 b`,
    `${n}-complete`,
  ];
  expect(shown(found?.steps)).toEqual([...of(1), ...of(2)]);
  expect(found?.notes).toEqual([
    expect.stringContaining("Without steps in the file: public.b."),
    expect.stringContaining("no partition of this schema: public.a."),
  ]);
  const more = withPartsOf(index("i", 1, "b"), index("i", 1, "a", "b"));
  expect(shown(more?.steps)).toEqual([
    "1-create",
    "1-create-1 b",
    "1-attach-1 b",
    "1-create-1-late a",
    "1-attach-1-late a",
    "1-complete",
  ]);
});

it("has no place for a part where the file's steps know no end of all parts", () => {
  expect(withPartsOf([made("1-create")], index("i", 1, "a"))).toBeNull();
});

it("gives the steps of parts to a table that had none", () => {
  expect(shown(withPartsOf(index("i", 1), index("i", 1, "a"))?.steps)).toEqual(shown(index("i", 1, "a")));
});
