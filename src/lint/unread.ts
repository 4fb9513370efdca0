import type { Engine } from "../engines/engine.js";
import { forgetEverything, forgetNamed } from "../history/forget-named.js";
import { afterSession } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { Span } from "../model/span.js";
import type { ParsedSql } from "../model/statement.js";

/** Things that are named like a table, or hang on one. */
const NAMED: ReadonlySet<ObjectType> = new Set<ObjectType>(["view", "materialized-view", "trigger", "policy"]);

/** What another tool fills in: `${app}`, as Flyway and goose write it. */
const PLACEHOLDER = /\$\{[\w:.-]+\}/g;
/** A name that stands in the place of one. */
const STAND_IN = "zmigrate_placeholder";

/** Things that are no table, and that say nothing of one. */
const APART: ReadonlySet<ObjectType> = new Set<ObjectType>(["user", "role", "database", "schema", "event"]);

/**
 * The catalog behind a file of which something was not read. Where placeholders are all that was in the way, only what stands
 * in those statements is uncertain: the tables that they name. Else nothing is known any more.
 *
 * @param after as it is by the statements that were read
 */
export function behindUnread(text: string, parsed: Read, after: Catalog, engine: Pick<Engine, "parse">): Catalog {
  const touched = parsed.problems.map(({ span }) => touchedBy(unreadAround(text, span.start, parsed), engine));
  if (touched.includes(null)) return forgetEverything(after);
  const words = touched.flatMap((each) => each ?? []).filter((word) => word !== STAND_IN);
  return words.length === 0 ? afterSession(after) : forgetNamed(after, isOneOf(words));
}

/** A file as far as it was read, and where it was not. */
interface Read extends Pick<ParsedSql, "statements"> {
  readonly problems: readonly { readonly span: Span }[];
}

/** Whether a name is one of some, in which a placeholder may be any letters. */
function isOneOf(words: readonly string[]): (name: string) => boolean {
  const plain = new Set(words.map((word) => word.toLowerCase()));
  const open = [...plain].filter((word) => word.includes(STAND_IN));
  const patterns = open.map((word) => new RegExp(`^${word.replaceAll("$", "\\$").replaceAll(STAND_IN, ".*")}$`));
  return (name) => plain.has(name.toLowerCase()) || patterns.some((pattern) => pattern.test(name.toLowerCase()));
}

/** What stands between the statements that were read, around a place. */
function unreadAround(text: string, place: number, { statements }: Read): string {
  const ends = statements.map(({ span }) => span.end).filter((end) => end <= place);
  const starts = statements.map(({ span }) => span.start).filter((start) => start > place);
  return text.slice(Math.max(0, ...ends), Math.min(text.length, ...starts));
}

/** The words of what was not read, among which are all names that it touches; null where it may touch any table. */
function touchedBy(unread: string, engine: Pick<Engine, "parse">): readonly string[] | null {
  const fillings = unread.match(PLACEHOLDER) === null ? [] : [STAND_IN, ""];
  const filled = fillings.map((filling) => unread.replace(PLACEHOLDER, filling));
  const read = filled.map((each) => engine.parse(each)).find(({ problems }) => problems.length === 0);
  const operations = read?.statements.flatMap((statement) => statement.operations) ?? [];
  if (operations.length === 0 || !operations.every(isContained)) return null;
  const touching = operations.filter((operation) => !isShapeless(operation));
  return touching.length === 0 ? [] : (unread.replace(PLACEHOLDER, STAND_IN).match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []);
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
