import type { ViewCondition, ViewQuery } from "../../../../../model/detail/view-shape.js";
import type { RelationName } from "../../../../../model/name.js";
import type { ReadQuery, WrittenPart } from "../../../../view-flat.js";
import { renamed } from "../../../../view-sets.js";
import { conditionsOf } from "./conditions.js";
import { isName, normalText, type Scope } from "./text.js";
import { closing, listed, type Section, sectionsOf, type Tokens, unwrapped, wordAt } from "./tokens.js";

/** Something that is read, and how it is joined to what stands in front of it. */
export interface Factor {
  readonly join: "inner" | "left" | "right";
  readonly tokens: Tokens;
  /** Null for a query, a function, and what WITH names. */
  readonly relation: RelationName | null;
  /** The query that it is, or that WITH names so; null where it is none, or is not told. */
  readonly query: ViewQuery | null;
  /** The name of the recursive query that it is an own part of; null for anything else. */
  readonly itself: string | null;
  readonly alias: string;
  readonly on: readonly Tokens[];
  readonly using: readonly string[];
}

export interface From extends Pick<WrittenPart, "tables" | "others" | "queries" | "outer"> {
  readonly on: readonly ViewCondition[];
  readonly scope: Scope;
}

/** What a FROM reads. */
export function fromOf(tokens: Tokens, around: Scope): From {
  const factors = sided(factorsOf(tokens, around));
  const scope = scopeOf(factors, around);
  const inner = factors.filter(({ join }) => join === "inner");
  const conditions = (factor: Factor) => factor.on.flatMap((each) => conditionsOf(each, scope));
  const using = (factor: Factor) =>
    factor.using.map((name) => Object.freeze({ kind: "plain", text: `using ${name}` } as const));
  const outer = factors.filter(({ join }) => join !== "inner");
  return {
    tables: Object.freeze(inner.flatMap(({ relation }) => relation ?? [])),
    others: Object.freeze(
      inner
        .filter(({ relation, query }) => relation === null && query === null)
        .map((f) => f.itself ?? normalText(f.tokens, scope)),
    ),
    queries: Object.freeze(
      factors.flatMap(({ query, join }): ReadQuery[] =>
        query === null ? [] : [{ ...query, isOuter: join !== "inner" }],
      ),
    ),
    outer: Object.freeze(
      outer.map((f) =>
        [
          f.relation?.name ?? normalText(f.tokens, scope),
          ...conditions(f)
            .map((c) => c.text)
            .sort(),
          ...f.using,
        ].join(" and "),
      ),
    ),
    on: inner.flatMap((factor) => [...conditions(factor), ...using(factor)]),
    scope,
  };
}

/** `a RIGHT JOIN b` is `b LEFT JOIN a`. */
function sided(factors: readonly Factor[]): readonly Factor[] {
  const last = factors.findLastIndex(({ join }) => join === "right");
  if (last < 0) return factors;
  return factors.map((factor, at) => {
    if (at > last) return factor;
    if (at === last) return { ...factor, join: "inner", on: [], using: [] };
    const { on, using } = factors[last] ?? factor;
    return { ...factor, join: "left", on: [...factor.on, ...on], using: [...factor.using, ...using] };
  });
}

function scopeOf(factors: readonly Factor[], around: Scope): Scope {
  const named = factors.map(
    ({ alias, relation, itself }) => [alias, itself ?? relation?.name.toLowerCase() ?? alias] as const,
  );
  const [only] = named;
  // What has no table in a query of an expression may be a column of what is around it.
  const isAlone = factors.length === 1 && only !== undefined && only[1] !== "" && around.tables.size === 0;
  return { ...around, tables: new Map([...around.tables, ...named]), only: isAlone ? only[1] : null };
}

const MODIFIERS: ReadonlySet<string> = new Set(["NATURAL", "INNER", "CROSS", "LEFT", "RIGHT", "OUTER"]);

/** What a FROM reads, one by one. */
export function factorsOf(tokens: Tokens, scope: Scope): readonly Factor[] {
  const isJoin = (word: string, at: number) =>
    word === "," || word === "STRAIGHT_JOIN" || (word === "JOIN" && wordAt(tokens, at - 1) !== "FOR");
  if (tokens.length === 0) return [];
  const sections = sectionsOf(tokens, isJoin);
  return sections.flatMap((section, n) => factorOf(section, modifiersOf(sections[n - 1]), scope));
}

/** The words in front of JOIN stand at the end of what is in front of it. */
function modifiersOf(before: Section | undefined): readonly string[] {
  const words: string[] = [];
  const tokens = before?.tokens ?? [];
  for (let at = tokens.length - 1; MODIFIERS.has(wordAt(tokens, at)); at--) words.push(wordAt(tokens, at));
  return words;
}

function factorOf({ tokens }: Section, modifiers: readonly string[], scope: Scope): readonly Factor[] {
  const end = tokens.findLastIndex((_, at) => !MODIFIERS.has(wordAt(tokens, at)));
  const [what, ...conditions] = sectionsOf(tokens.slice(0, end + 1), (word) => word === "ON" || word === "USING");
  const read = what?.tokens ?? [];
  const join = modifiers.includes("LEFT") ? "left" : modifiers.includes("RIGHT") ? "right" : "inner";
  const on = conditions.filter(({ head }) => head === "ON").map((each) => each.tokens);
  const named = conditions.filter(({ head }) => head === "USING").flatMap((each) => listed(unwrapped(each.tokens)));
  const using = named.map((name) => name[0]?.value.toLowerCase() ?? "");
  const how = { join, on, using: modifiers.includes("NATURAL") ? ["natural", ...using] : using } as const;
  const inside = unwrapped(read);
  if (inside !== read && isName(inside, 0)) {
    const [first, ...others] = factorsOf(inside, scope);
    if (first !== undefined && join === "inner") return [{ ...first, on: [...first.on, ...on], using }, ...others];
  }
  return [{ ...how, tokens: read, ...namedBy(read, scope) }];
}

type Named = Pick<Factor, "relation" | "query" | "itself" | "alias">;

const NOTHING = { relation: null, query: null, itself: null } as const;

/** `t`, `s.t AS a`, `(SELECT ...) AS a (x, y)`. Partitions, and rows of another time, are not the table. */
function namedBy(tokens: Tokens, scope: Scope): Named {
  if (wordAt(tokens, 0) === "(") return nestedIn(tokens, scope);
  const isPart = tokens.some((_, at) => /^(?:PARTITION|SYSTEM_TIME)$/.test(wordAt(tokens, at)));
  const dotted = tokens[1]?.text === ".";
  const [first, second] = [tokens[0]?.value ?? "", tokens[2]?.value ?? ""];
  if (isPart || !isName(tokens, 0)) return { ...NOTHING, alias: "" };
  const rest = tokens.slice(dotted ? 3 : 1).filter(({ upper }) => upper !== "AS");
  const alias = (isName(rest, 0) ? (rest[0]?.value ?? "") : dotted ? second : first).toLowerCase();
  const query = dotted ? undefined : scope.queries.get(first.toLowerCase());
  if (query === null) return { ...NOTHING, itself: first.toLowerCase(), alias };
  if (query !== undefined) return { ...NOTHING, query: renamed(query, alias, []), alias };
  return {
    ...NOTHING,
    relation: Object.freeze({ schema: dotted ? first : null, name: dotted ? second : first }),
    alias,
  };
}

function nestedIn(tokens: Tokens, scope: Scope): Named {
  const end = closing(tokens, 0);
  const rest = tokens.slice(end + 1).filter(({ upper }) => upper !== "AS");
  const alias = rest[0]?.value.toLowerCase() ?? "";
  const columns = listed(unwrapped(rest.slice(1))).flatMap(([name]) => name?.value.toLowerCase() ?? []);
  const outside = { ...scope, tables: new Map<string, string>(), only: null, depth: scope.depth + 1 };
  const query = scope.inside(tokens.slice(1, end), outside);
  return { ...NOTHING, query: query === null ? null : renamed(query, alias, columns), alias };
}
