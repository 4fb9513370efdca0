import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { generatedName, quote, quoteBeside, quoteRelation } from "../names.js";
import { inBackfill } from "./mark.js";
import { isDefault, omissionOf, same } from "./values.js";

/** The pair that triggers keep equal. `old` describes both: they have one type. */
export interface Pair {
  readonly relation: RelationName;
  readonly hash: string;
  readonly old: Column;
  readonly new: string;
  /** The application has triggers that name the old column: what changed there need not be what a statement wrote. */
  readonly rewritten: boolean;
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

const copy = (to: string, from: string) => `SET ${newOf(to)} = ${newOf(from)};`;

/**
 * One side written: the other follows. Both written: both stay, unless a trigger of the application may have written
 * the old one. With a computed default the old side always looks written: the new side, if it is written at all, is
 * what counts.
 */
function onInsert(pair: Pair): string {
  const [a, b] = [pair.old.name, pair.new];
  const omission = omissionOf(pair.old);
  const omitted = (column: string) =>
    omission.kind === "constant" ? isDefault(pair.old, newOf(column), omission.default) : `${newOf(column)} IS NULL`;
  const otherwise = omission.kind === "unknown" || pair.rewritten ? "ELSE" : `ELSEIF ${omitted(a)} THEN`;
  return `IF ${omitted(b)} THEN ${copy(b, a)}\n${otherwise} ${copy(a, b)}\nEND IF`;
}

/**
 * What changed is what was written. ON UPDATE, and triggers of the application, change the old side by themselves,
 * which is no reason to keep it. A row whose sides are equal costs one comparison; one that was never filled is filled
 * by whatever touches it, so that a key which moves past a backfill takes its row along.
 */
function onUpdate(pair: Pair): string {
  const [a, b] = [pair.old.name, pair.new];
  const kept = (column: string) => same(pair.old, newOf(column), oldOf(column));
  const newWins = pair.old.onUpdate !== null || pair.rewritten;
  return `IF NOT (${same(pair.old, newOf(a), newOf(b))}) THEN
  IF ${inBackfill(pair.relation)} THEN ${copy(b, a)}
  ELSEIF NOT (${kept(b)}) THEN ${newWins ? copy(a, b) : `IF ${kept(a)} THEN ${copy(a, b)} END IF;`}
  ELSEIF ${newOf(b)} IS NULL OR NOT (${kept(a)}) THEN ${copy(b, a)}
  END IF;
END IF`;
}

/**
 * Keeps an old and a new column equal, whoever writes, by what changed. The rules are symmetric, so that they stay
 * right when the two columns exchange their names. Triggers of one event run in the order of their creation: these
 * are the last.
 */
export function syncTriggers(pair: Pair): readonly [Trigger, Trigger] {
  const name = (event: string) => generatedName(`zmigrate_sync_${event}`, pair.old.name, pair.hash);
  return [
    trigger(pair.relation, name("insert"), "INSERT", onInsert(pair)),
    trigger(pair.relation, name("update"), "UPDATE", onUpdate(pair)),
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
