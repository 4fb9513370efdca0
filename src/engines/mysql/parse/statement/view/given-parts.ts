import type { GivenPart } from "../../../../../model/detail/data.js";
import { type Factor, factorsOf } from "./from.js";
import { itemsOf } from "./items.js";
import { clauseOf, withQueries } from "./query.js";
import { NOWHERE } from "./shape.js";
import { sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

type Parts = readonly GivenPart[];

/** What a query gives, by its tokens; null where that is not told. Of several that are put together, the first one. */
export function givenParts(tokens: Tokens): Parts | null {
  const { query, queries } = withQueries(unwrapped(tokens), NOWHERE);
  const [first, ...more] = sectionsOf(query, (word) => BEHIND.has(word));
  const select = unwrapped(first?.tokens ?? []);
  const scope = { ...NOWHERE, queries };
  switch (wordAt(select, 0)) {
    case "TABLE":
      return allOf(factorsOf(select.slice(1), scope));
    case "SELECT":
      return inSet(
        partsOf(clauseOf(select, "SELECT"), factorsOf(clauseOf(select, "FROM"), scope)),
        more.some(({ head }) => SETS.has(head)),
      );
    default:
      return null;
  }
}

const SETS: ReadonlySet<string> = new Set(["UNION", "EXCEPT", "MINUS", "INTERSECT"]);
const BEHIND: ReadonlySet<string> = new Set([...SETS, "ORDER", "LIMIT"]);

/** Of several queries another one may take the row with the NULL away. */
const inSet = (parts: Parts | null, isOne: boolean): Parts | null =>
  isOne ? (parts?.map((part) => (part === "null" ? "value" : part)) ?? null) : parts;

const together = (parts: readonly (Parts | null)[]): Parts | null =>
  parts.includes(null) ? null : Object.freeze(parts.flatMap((each) => each ?? []));

function partsOf(items: Tokens, factors: readonly Factor[]): Parts | null {
  return together(
    itemsOf(items).map(({ tokens }): Parts | null => {
      if (tokens.length === 1 && wordAt(tokens, 0) === "NULL") return ["null"];
      if (tokens.at(-1)?.text !== "*" || (tokens.length > 1 && tokens.at(-2)?.text !== ".")) return ["value"];
      const name = tokens.at(-3)?.value.toLowerCase();
      return allOf(name === undefined ? factors : factors.filter(({ alias }) => alias === name));
    }),
  );
}

/** All columns of what is read; not told where a column of two tables is shown once. */
function allOf(factors: readonly Factor[]): Parts | null {
  const [only, another] = factors;
  if (only === undefined || (another !== undefined && factors.some(({ using }) => using.length > 0))) return null;
  return together(factors.map(ofFactor));
}

function ofFactor({ relation, query }: Factor): Parts | null {
  if (relation !== null) return [relation];
  const [inside, more] = query?.shape.parts ?? [];
  const { tables = [], others = [], outer = [] } = inside ?? {};
  const [table, second] = tables;
  if (query === null || inside === undefined) return null;
  if (!query.columns.includes("*")) return query.columns.map(() => "value");
  const isOne = table !== undefined && second === undefined && more === undefined && !inside.queries;
  if (!isOne || others.length + outer.length > 0) return null;
  return query.columns.map((name) => (name === "*" ? table : "value"));
}
