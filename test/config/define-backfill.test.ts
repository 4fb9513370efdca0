import { expect, it } from "vitest";
import { defineBackfill } from "../../src/index.js";

interface Row {
  readonly id: bigint;
  readonly title: string | null;
}
interface Update {
  readonly slug: string;
  readonly words: number | null;
}
interface Tables {
  readonly authors: { readonly id: number; readonly name: string };
}

it("types what is read, what is written and the queries", () => {
  const definition = defineBackfill<Row, Update, Tables>({
    table: "posts",
    select: ["id", "title"],
    // @ts-expect-error: no column of `Update`
    update: ["slug", "word"],
    async map(rows, { db }) {
      const authors = await db.selectFrom("authors").select("name").execute();
      return rows.flatMap(({ key, values: { title } }) =>
        title === null ? [] : [{ key, set: { slug: title + authors[0]?.name, words: null } }],
      );
    },
  });
  expect(Object.isFrozen(definition)).toBe(true);
  defineBackfill<Row, Update>({
    table: "posts",
    select: ["id"],
    update: ["words"],
    // @ts-expect-error: a text is no number
    map: (rows) => rows.map(({ key }) => ({ key, set: { words: "one" } })),
  });
  defineBackfill<Row, Update>({
    table: "posts",
    select: ["id"],
    update: ["words"],
    // @ts-expect-error: a forgotten `return`
    map: (rows) => rows.map(() => undefined),
  });
});

it("needs no types", () => {
  const { map } = defineBackfill({
    table: "posts",
    select: ["title"],
    update: ["slug"],
    map: (rows) => rows.map(({ key, values }) => ({ key, set: { slug: String(values.title) } })),
  });
  expect(map([{ key: ["1"], values: { title: "a" } }], {} as Parameters<typeof map>[1])).toEqual([
    { key: ["1"], set: { slug: "a" } },
  ]);
});
