import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { generatedName, quote, quoteBeside, quoteRelation } from "../names.js";
import { isDefault, omissionOf, same } from "./values.js";

/** The pair that triggers keep equal. `old` describes both: they have one type. */
export interface Pair {
  readonly relation: RelationName;
  readonly hash: string;
  readonly old: Column;
  readonly new: string;
}

/** A trigger, and the statements that make it and take it away. */
export interface Trigger {
  readonly name: string;
  readonly create: string;
  /** Repeatable. */
  readonly drop: string;
}

const newOf = (column: string) => `NEW.${quote(column)}`;
const oldOf = (column: string) => `OLD.${quote(column)}`;

function trigger(relation: RelationName, name: string, event: "INSERT" | "UPDATE", body: string): Trigger {
  const full = quoteBeside(relation, name);
  return Object.freeze({
    name,
    create: `CREATE TRIGGER ${full} BEFORE ${event} ON ${quoteRelation(relation)} FOR EACH ROW\n${body}`,
    drop: `DROP TRIGGER IF EXISTS ${full}`,
  });
}

/** A session that backfills sets @zmigrate_backfill: it writes the new side only. */
const unlessBackfilling = (body: string) => `IF @zmigrate_backfill IS NULL THEN\n${body}\nEND IF`;

const copy = (to: string, from: string) => `SET ${newOf(to)} = ${newOf(from)};`;

/** One side written: the other follows. Both written: both stay. */
function onInsert(pair: Pair): string {
  const [a, b] = [pair.old.name, pair.new];
  const omission = omissionOf(pair.old);
  const omitted = (column: string) =>
    omission.kind === "constant" ? isDefault(pair.old, newOf(column), omission.default) : `${newOf(column)} IS NULL`;
  // With a computed default the old side always looks written: the new side, if it is written at all, is what counts.
  const otherwise = omission.kind === "unknown" ? "ELSE" : `ELSEIF ${omitted(a)} THEN`;
  return `  IF ${omitted(b)} THEN ${copy(b, a)}\n  ${otherwise} ${copy(a, b)}\n  END IF;`;
}

/** What changed is what was written. ON UPDATE changes the old side by itself, which is no reason to keep it. */
function onUpdate(pair: Pair): string {
  const [a, b] = [pair.old.name, pair.new];
  const kept = (column: string) => same(pair.old, newOf(column), oldOf(column));
  const takeNew = pair.old.onUpdate === null ? `IF ${kept(a)} THEN ${copy(a, b)} END IF;` : copy(a, b);
  return `  IF NOT (${kept(b)}) THEN ${takeNew}\n  ELSEIF NOT (${kept(a)}) THEN ${copy(b, a)}\n  END IF;`;
}

/**
 * Keeps an old and a new column equal, whoever writes, by what changed. The rules are symmetric, so that they stay
 * right when the two columns exchange their names. Triggers of one event run in the order of their creation: these
 * are the last.
 */
export function syncTriggers(pair: Pair): readonly [Trigger, Trigger] {
  const name = (event: string) => generatedName(`zmigrate_sync_${event}`, pair.old.name, pair.hash);
  return [
    trigger(pair.relation, name("insert"), "INSERT", unlessBackfilling(onInsert(pair))),
    trigger(pair.relation, name("update"), "UPDATE", unlessBackfilling(onUpdate(pair))),
  ];
}

/** After the swap: the parked column follows the new one, so that the swap can be undone. */
export function followTriggers(given: {
  relation: RelationName;
  hash: string;
  parked: string;
  new: string;
}): readonly [Trigger, Trigger] {
  const name = (event: string) => generatedName(`zmigrate_follow_${event}`, given.new, given.hash);
  const body = `SET ${newOf(given.parked)} = ${newOf(given.new)}`;
  return [
    trigger(given.relation, name("insert"), "INSERT", body),
    trigger(given.relation, name("update"), "UPDATE", body),
  ];
}
