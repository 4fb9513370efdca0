import { basename } from "node:path";
import type { Engine } from "../engines/engine.js";
import type { Place } from "../files/place.js";
import { positionOf } from "../files/position.js";
import { forgetEverything, forgetMeant, forgetNamed } from "../history/forget-named.js";
import type { Catalog } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { ParsedSql, SyntaxProblem } from "../model/statement.js";

/** Things that are named like a table, or hang on one. */
const NAMED: ReadonlySet<ObjectType> = new Set<ObjectType>(["view", "materialized-view", "trigger", "policy"]);

/** What another tool fills in: `${app}`, as Flyway and goose write it. */
const PLACEHOLDER = /\$\{[\w:.-]+\}/g;
/** A name that stands in the place of one. */
const STAND_IN = "zmigrate_placeholder";

/** Things that are no table, and that say nothing of one. */
const APART: ReadonlySet<ObjectType> = new Set<ObjectType>(["user", "role", "database", "schema", "event"]);

/** A place of a file at which something was not read. */
export interface Unread {
  /** Where it begins, among the statements that were read. */
  readonly start: number;
  /** Where a person finds it, and why it was not read. */
  readonly problem: SyntaxProblem;
  /** The words of what was not read, among which are the names of what it touches; null where they do not tell. */
  readonly words: readonly string[] | null;
  /** It holds nothing but what is named, so that nothing else can be meant. */
  readonly isContained: boolean;
}

/**
 * What was not read of a file, and may have changed the schema, in the order of the text. Where placeholders are all that was
 * in the way, only what stands in those statements is uncertain: the tables that they name.
 *
 * @param parsed what was read of the place's text
 */
export function unreadIn(place: Place, parsed: ParsedSql, engine: Pick<Engine, "parse">): readonly Unread[] {
  const { text, written = text } = place;
  const code = (place.unread ?? []).map((problem) => {
    const words = wordsOf(around(written, problem, parsed).text);
    return { start: problem.span.start, problem, words: words.length === 0 ? null : words, isContained: false };
  });
  const uncertain = parsed.problems.filter(({ harmless }) => harmless !== true).toReversed();
  // One for each stretch: its first.
  const stretches = new Map(uncertain.map((problem) => [around(text, problem, parsed).start, problem]));
  const sql = [...stretches.values()].flatMap((problem) => {
    const touched = touchedBy(around(text, problem, parsed).text, engine);
    return touched === "nothing" ? [] : [{ start: problem.span.start, problem, ...touched }];
  });
  return [...code, ...sql].toSorted((a, b) => a.start - b.start);
}

/** The catalog behind something of a file that was not read. */
export function behindUnread(catalog: Catalog, { words, isContained, problem }: Unread, place: Place): Catalog {
  if (words === null) return forgetEverything(catalog);
  const isMeant = isOneOf(words);
  return isContained
    ? forgetNamed(catalog, isMeant)
    : forgetMeant(catalog, isMeant, `what was not read in ${placeText(place, problem)}`);
}

/** Where a person finds what was not read: `3_users.sql:12`. */
export const placeText = ({ file, text, written = text }: Place, { span }: SyntaxProblem): string =>
  `${basename(file)}:${positionOf(written, span.start).line}`;

/** Goes through what was not read of a file beside its statements: the catalog as it is at a place of the text. */
export function besideUnread(unread: readonly Unread[], place: Place): (catalog: Catalog, to: number) => Catalog {
  let passed = 0;
  return (catalog, to) => {
    const from = passed;
    while (passed < unread.length && (unread[passed]?.start ?? to) < to) passed++;
    return unread.slice(from, passed).reduce((now, one) => behindUnread(now, one, place), catalog);
  };
}

/** Whether a name is one of some, in which a placeholder may be any letters. */
function isOneOf(words: readonly string[]): (name: string) => boolean {
  const plain = new Set(words.map((word) => word.toLowerCase()));
  const open = [...plain].filter((word) => word.includes(STAND_IN));
  const patterns = open.map((word) => new RegExp(`^${word.replaceAll("$", "\\$").replaceAll(STAND_IN, ".*")}$`));
  return (name) => plain.has(name.toLowerCase()) || patterns.some((pattern) => pattern.test(name.toLowerCase()));
}

/** What stands between the statements that were read, around a problem. */
function around(
  text: string,
  { span: { start: place } }: SyntaxProblem,
  { statements }: Pick<ParsedSql, "statements">,
) {
  const ends = statements.map(({ span }) => span.end).filter((end) => end <= place);
  const starts = statements.map(({ span }) => span.start).filter((start) => start > place);
  const start = Math.max(0, ...ends);
  return { start, text: text.slice(start, Math.min(text.length, ...starts)) };
}

/** Names as they may be written: with quotes, they may hold anything. */
const wordsOf = (text: string): readonly string[] => [
  ...(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []),
  ...[...text.matchAll(/(["`])((?:(?!\1).|\1\1)+)\1/gsu)].map(([, quote = "", name = ""]) =>
    name.replaceAll(quote + quote, quote),
  ),
];

/** What a stretch touches that was not read. */
function touchedBy(unread: string, engine: Pick<Engine, "parse">): Pick<Unread, "words" | "isContained"> | "nothing" {
  if (unread.match(PLACEHOLDER) === null) {
    const words = wordsOf(unread);
    return { words: words.length === 0 ? null : words, isContained: false };
  }
  const filled = [STAND_IN, ""].map((filling) => unread.replace(PLACEHOLDER, filling));
  const read = filled.map((each) => engine.parse(each)).find(({ problems }) => problems.length === 0);
  const operations = read?.statements.flatMap((statement) => statement.operations) ?? [];
  if (operations.length === 0 || !operations.every(isContained)) return { words: null, isContained: false };
  if (operations.every(isShapeless)) return "nothing";
  const words = wordsOf(unread.replace(PLACEHOLDER, STAND_IN)).filter((word) => word !== STAND_IN);
  return { words, isContained: true };
}

/** Rows, rights and comments leave tables as they are. */
function isShapeless(operation: Operation): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail === undefined) return operation.kind === "other" && operation.harmless;
  if (detail.kind === "data-change" || detail.kind === "privileges" || detail.kind === "comment") return true;
  return "object" in detail && APART.has(detail.object) && detail.kind === "create-object";
}

/** It touches nothing that its text does not name. */
function isContained(operation: Operation): boolean {
  if (isShapeless(operation) || operation.kind === "create-table") return true;
  const relation = operation.relation ?? (operation.kind === "other" ? viewOf(operation) : null);
  if (relation === null || relation.name === STAND_IN) return false;
  if (operation.kind !== "other") return true;
  const { detail } = operation;
  if (detail === undefined || detail.kind === "opaque") return false;
  return !("object" in detail) || NAMED.has(detail.object);
}

function viewOf({ detail }: OtherOperation): RelationName | null {
  return detail !== undefined && "object" in detail && NAMED.has(detail.object) ? detail.name : null;
}
