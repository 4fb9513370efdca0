import type { Asked, TakesSome, Walk } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Cursor } from "../../cursor.js";
import { askedFor } from "../../query/bounds.js";
import type { Token } from "../../token.js";

/** The servers' own functions that may give another value each time they are called. */
const VARYING: ReadonlySet<string> = new Set(
  "LASTVAL NEXTVAL RAND RANDOM_BYTES ROWNUM SYSDATE SYS_GUID UUID UUID_SHORT UUID_V4 UUID_V7".split(" "),
);

/** Whether a function is the servers' own, and may give another value each time it is called. */
export const isVarying = ({ schema, name }: RelationName): boolean =>
  schema === null && (VARYING.has(name.toUpperCase()) || / VALUE FOR$/.test(name));

/** Between parentheses: the index behind the first, and of the last. */
export interface Group {
  readonly from: number;
  readonly to: number;
}

export type Tokens = readonly Token[];

export const is = (token: Token | undefined, text: string): boolean =>
  token?.kind === "operator" && token.text === text;

export const isWord = (token: Token | undefined, words: readonly string[]): boolean =>
  token?.kind === "word" && words.includes(token.upper);

export function groupsOf(tokens: Tokens): Group[] {
  const groups: Group[] = [];
  const open: number[] = [];
  tokens.forEach((token, at) => {
    if (is(token, "(")) open.push(at + 1);
    if (!is(token, ")")) return;
    const from = open.pop();
    if (from !== undefined) groups.push({ from, to: at });
  });
  return groups;
}

/** The indexes in a group that are in none below it. */
function ownOf(tokens: Tokens, { from, to }: Group): number[] {
  const own: number[] = [];
  let depth = 0;
  for (let at = from; at < to; at++) {
    if (is(tokens[at], ")")) depth -= 1;
    if (depth === 0) own.push(at);
    if (is(tokens[at], "(")) depth += 1;
  }
  return own;
}

const TOGETHER = ["UNION", "EXCEPT", "INTERSECT", "MINUS"];

/** `(SELECT ...`, and `((SELECT ...) UNION ...`. */
function isQuery(tokens: Tokens, group: Group): boolean {
  const first = tokens[group.from];
  if (isWord(first, ["SELECT", "WITH", "TABLE"])) return true;
  if (!is(first, "(")) return false;
  const own = ownOf(tokens, group);
  return isWord(tokens[own[2] ?? -1], [...TOGETHER, "ORDER", "LIMIT"]);
}

/** `t.`, with nothing in front of it. */
const namesTable = (tokens: Tokens, at: number, alias: string): boolean =>
  isNamed(tokens[at], alias) && is(tokens[at + 1], ".");

const isNamed = (token: Token | undefined, alias: string): boolean =>
  (token?.kind === "word" || token?.kind === "quoted") && token.value.toLowerCase() === alias.toLowerCase();

/** Whether something in a query is called like the table that is gone over, so that its columns may be that one's. */
function callsSo(tokens: Tokens, { from, to }: Group, alias: string): boolean {
  for (let at = from; at < to; at++)
    if (isNamed(tokens[at], alias) && !is(tokens[at + 1], ".") && !is(tokens[at - 1], ".")) return true;
  return false;
}

const BEHIND_CONDITION = ["GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "PROCEDURE"];

/** Whether what a query finds depends on the row, so that it is asked anew for each in the one statement, too. */
function dependsOn(tokens: Tokens, group: Group, alias: string): boolean {
  const own = ownOf(tokens, group);
  if (!isWord(tokens[group.from], ["SELECT"]) || own.some((at) => isWord(tokens[at], TOGETHER))) return false;
  const find = (words: readonly string[]) => own.find((at) => isWord(tokens[at], words));
  const from = find(["FROM"]);
  const to = from === undefined ? group.to : (find(BEHIND_CONDITION) ?? group.to);
  for (let at = from ?? group.from; at < to; at++) if (namesTable(tokens, at, alias)) return true;
  return false;
}

/** The function that is called there, if it is one that may give another value each time. */
function varyingAt({ tokens, calls }: Cursor, at: number): RelationName | null {
  const token = tokens[at];
  if (isWord(token, ["NEXT", "PREVIOUS"]) && isWord(tokens[at + 1], ["VALUE"]) && isWord(tokens[at + 2], ["FOR"]))
    return { schema: null, name: `${token?.upper} VALUE FOR` };
  if (token === undefined || !is(tokens[at + 1], "(")) return null;
  const unknown = calls.find(({ name }) => isNamed(token, name));
  if (unknown !== undefined) return isSpatial(unknown) ? null : unknown;
  return token.kind === "word" && VARYING.has(token.upper) ? { schema: null, name: token.text } : null;
}

const isSpatial = ({ schema, name }: RelationName): boolean => schema === null && /^(?:ST_|MBR)/i.test(name);

/** How a query takes some of its rows where no ORDER BY says which. */
function takesSome({ tokens, ctes }: Cursor, group: Group): readonly TakesSome[] {
  const own = ownOf(tokens, group);
  if (isWord(tokens[group.from - 2], ["EXISTS"]) || own.some((at) => isWord(tokens[at], ["ORDER"]))) return [];
  const at = own.find(
    (each) => isWord(tokens[each], ["LIMIT", "FETCH", "OFFSET"]) && !is(tokens[each - 1], ".") && each > group.from + 1,
  );
  if (at === undefined) return [];
  // A name of WITH may mean any rows.
  const of = ctes.size > 0 ? null : askedFor(tokens.slice(group.from, at));
  return [
    { by: tokens[at]?.upper ?? "", ...(of === null ? {} : { of: { relation: of.relation, bounds: of.bounds } }) },
  ];
}

/** The queries in a statement, the one of an INSERT itself left out. */
export const queriesOf = (tokens: Tokens, own: number): Group[] =>
  groupsOf(tokens).filter((group) => group.from !== own && isQuery(tokens, group));

/** What stands in a query, and in none that is in it. */
function itsOwn(queries: readonly Group[], { from, to }: Group): number[] {
  const inside = queries.filter((other) => other.from > from && other.to < to);
  const all = Array.from({ length: to - from }, (_, at) => from + at);
  return all.filter((at) => !inside.some((other) => at >= other.from && at < other.to));
}

/**
 * What the queries of a statement do that do not plainly depend on the row.
 *
 * @param alias what it calls the table that is gone over
 * @param own the index of the SELECT of an INSERT; -1 for others
 */
export function askedIn(cursor: Cursor, alias: string, own: number): Pick<Walk, "asked"> {
  const { tokens } = cursor;
  const queries = queriesOf(tokens, own);
  if (queries.length === 0) return {};
  const hidden = queries.some((group) => callsSo(tokens, group, alias));
  const asked = queries.filter((group) => hidden || !dependsOn(tokens, group, alias));
  const calls = asked.flatMap((group) => itsOwn(queries, group).flatMap((at) => varyingAt(cursor, at) ?? []));
  const some = asked.flatMap((group) => takesSome(cursor, group));
  if (calls.length === 0 && some.length === 0) return {};
  const each = new Map(calls.map((call) => [call.name, call]));
  const found: Asked = { calls: Object.freeze([...each.values()]), ...(some.length === 0 ? {} : { some }) };
  return { asked: Object.freeze(found) };
}
