import { expect, it } from "vitest";
import { comparable } from "../../../../src/engines/postgres/shadow/comparable.js";
import type { Catalog } from "../../../../src/model/catalog.js";

const SEQUENCE = 'ALTER SEQUENCE public."T_id_seq" AS';

/** Of a table with one column that counts by a sequence. */
const catalog = (type: string, restore: string, value = `nextval('public."T_id_seq"'::regclass)`): Catalog =>
  ({
    tables: [{ columns: [{ name: "id", type, default: value }] }],
    objects: [{ object: "sequence", name: { schema: "public", name: "T_id_seq" }, restore: [restore] }],
  }) as never;

const sequenceOf = (c: Catalog) => comparable(c).objects?.[0]?.restore?.[0];

it("has a sequence count in the type of its column", () => {
  const counts = (as: string, last: string) =>
    `${SEQUENCE} ${as} INCREMENT BY 1 MINVALUE 1 MAXVALUE ${last} START WITH 1`;
  const wide = counts("bigint", "9223372036854775807");
  expect(sequenceOf(catalog("bigint", counts("integer", "2147483647")))).toBe(wide);
  expect(sequenceOf(catalog("bigint", wide))).toBe(wide);
  for (const own of [counts("integer", "500"), counts("bigint", "2147483647")])
    expect(sequenceOf(catalog("bigint", own))).toBe(own);
  const narrow = counts("integer", "2147483647");
  expect(sequenceOf(catalog("bigint", narrow, "1"))).toBe(narrow);
  expect(sequenceOf(catalog("text", narrow))).toBe(narrow);
});
