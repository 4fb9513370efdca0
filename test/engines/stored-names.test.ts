import { expect, it } from "vitest";
import { asStored } from "../../src/engines/stored-names.js";
import { emptyCatalog } from "../../src/history/replay.js";

const EXACT = emptyCatalog("database", "app");
const LOWER = { ...EXACT, lowerCaseNames: true };
const named = (name: string) => Object.freeze({ schema: null, name });

it("leaves names as they are where the server tells their case apart", () => {
  const record = { relation: named("Users") };
  expect(asStored(record, EXACT)).toBe(record);
});

it("lowers names of tables wherever they stand, and nothing else", () => {
  const record = {
    what: "Rename",
    relation: { schema: "App", name: "Users" },
    column: { name: "E", type: "INT", references: { relation: named("Other"), columns: ["Id"] } },
    detail: { renames: [{ to: named("People") }] },
  };
  expect(asStored(record, LOWER)).toEqual({
    what: "Rename",
    relation: { schema: "app", name: "users" },
    column: { name: "E", type: "INT", references: { relation: named("other"), columns: ["Id"] } },
    detail: { renames: [{ to: named("people") }] },
  });
});

it("keeps the same record the same, and one that is lowered already as it is", () => {
  const record = { relation: named("Users") };
  const once = asStored(record, LOWER);
  expect([asStored(record, LOWER), asStored(once, LOWER), asStored([record], LOWER)[0]]).toEqual([once, once, once]);
  expect(asStored([record], LOWER)[0]).toBe(once);
  expect(asStored(once, LOWER)).toBe(once);
});
