import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { generatedName, quote, quoteBeside, quoteRelation } from "../names.js";
import { inBackfill } from "./mark.js";
import { declareDefault, isDefault, omissionOf, same } from "./values.js";

/** The pair that triggers keep equal. `old` describes both: they have one type. */
export interface Pair {
  readonly relation: RelationName;
  readonly hash: string;
  readonly old: Column;
  readonly new: string;
  /** The application has triggers that name the old column: what changed there need not be what a statement wrote. */
  readonly rewritten: boolean;
  /** What the server makes of NULL for a writer without strict mode: see `lenientValue`. */
  readonly lenient: string | null;
  /** What NULL under the new name becomes in an UPDATE instead, where it may be DEFAULT that was written: see `askedFor`. */
  readonly asked: string | null;
  /** What LOAD DATA puts into the NOT NULL column before the triggers where it is left out: see `implicitOf`. */
  readonly implicit: string | null;
  /** A statement that notes who has written the old side alone; absent where nobody asks. */
  readonly note?: string;
  /** The server itself judges a NULL that a trigger writes to the old side, by the writer's mode: see `judgesNull`. */
  readonly judged: boolean;
}

/** A trigger, and the statements that make it and take it away. */
export interface Trigger {
  readonly name: string;
  readonly create: string;
  /** Repeatable. */
  readonly drop: string;
}

export const newOf = (column: string) => `NEW.${quote(column)}`;
const oldOf = (column: string) => `OLD.${quote(column)}`;

/** A BEFORE trigger for each row. Triggers of one event fire in the order in which they were made. */
export function trigger(relation: RelationName, name: string, event: "INSERT" | "UPDATE", body: string): Trigger {
  const full = quoteBeside(relation, name);
  return Object.freeze({
    name,
    create: `CREATE TRIGGER ${full} BEFORE ${event} ON ${quoteRelation(relation)} FOR EACH ROW\n${body}`,
    drop: `DROP TRIGGER IF EXISTS ${full}`,
  });
}

const copy = (to: string, from: string) => `SET ${newOf(to)} = ${newOf(from)};`;

/**
 * The old side follows the new one. No trigger is told whether its writer is strict. Where the server judges a NULL that
 * one writes, it refuses that of a strict writer, and makes the old side what the new one is made here for any other.
 * Elsewhere NULL becomes that for every writer, on both sides.
 */
function copyBack(pair: Pair, instead = pair.lenient): string {
  const [a, b] = [pair.old.name, pair.new];
  if (instead === null) return copy(a, b);
  const mend = `IF ${newOf(b)} IS NULL THEN SET ${newOf(b)} = ${instead};`;
  if (pair.judged) return `${mend} SET ${newOf(a)} = NULL; ELSE ${copy(a, b)} END IF;`;
  return `${mend} END IF; ${copy(a, b)}`;
}

/** Where both are NULL the server refuses the row of a strict writer, and else makes the old side this after the trigger. */
function bothNull(pair: Pair): string {
  if (pair.lenient === null) return "";
  const [a, b] = [newOf(pair.old.name), newOf(pair.new)];
  return `\n  IF ${a} IS NULL AND ${b} IS NULL THEN SET ${b} = ${pair.lenient}; END IF;`;
}

/** The new side follows the old one, which is the only one that was written where a condition holds. */
const copyForth = ({ old, new: to, note }: Pair, wrote: string): string =>
  note === undefined ? copy(to, old.name) : `IF ${wrote} THEN ${note} END IF; ${copy(to, old.name)}`;

/** How an INSERT tells that it left a side out: a block's beginning, a condition, and what else there is to ask. */
function tellsOmission({ old, new: to, implicit }: Pair) {
  const omission = omissionOf(old);
  if (omission.kind === "constant") {
    const text = omission.default;
    return { declared: declareDefault(old, text), omitted: (c: string) => isDefault(old, newOf(c), text), filled: "" };
  }
  const omitted = (column: string) => `${newOf(column)} IS NULL`;
  if (omission.kind === "unknown" || implicit === null) return { declared: "", omitted, filled: "" };
  const [a, b] = [old.name, to];
  const follow = (left: string, written: string) =>
    `\n  ELSEIF ${isDefault(old, newOf(left), implicit)} THEN ${copy(left, written)}`;
  return { declared: declareDefault(old, implicit), omitted, filled: `${follow(a, b)}${follow(b, a)}` };
}

/**
 * Both sides have a default that is computed, the new one not yet where a row comes directly behind the triggers: it is
 * NULL then. Nothing is written where nothing is to do: measured on MariaDB 10.11, a column whose computed default
 * a trigger has once replaced is left out by LOAD DATA as zero, '' or NULL in all rows that follow.
 */
function onComputed(pair: Pair, text: string): string {
  const { old, implicit } = pair;
  const [a, b] = [newOf(old.name), newOf(pair.new)];
  const zero = implicit === null ? "" : ` OR ${a} <=> ${implicit}`;
  const back = pair.rewritten ? "ELSE" : `ELSEIF ${a} IS NULL OR ${isDefault(old, a, text)}${zero} THEN`;
  return `BEGIN
${declareDefault(old, text)}  IF NOT (${same(old, a, b)}) THEN
    IF ${b} IS NULL OR ${isDefault(old, b, text)} THEN ${copyForth(pair, `NOT (${isDefault(old, a, text)})`)}
    ${back} ${copyBack(pair)}
    END IF;
  END IF;${bothNull(pair)}
END`;
}

/**
 * One side written: the other follows. Both written: both stay, unless a trigger of the application may have written
 * the old one. With a default that no trigger can compute again the old side always looks written: the new side, if it is
 * written at all, is what counts. What LOAD DATA may have filled in by itself gives way to what is written.
 */
function onInsert(pair: Pair): string {
  const [a, b] = [pair.old.name, pair.new];
  const omission = omissionOf(pair.old);
  if (omission.kind === "repeatable") return onComputed(pair, omission.default);
  const { declared, omitted, filled } = tellsOmission(pair);
  const always = omission.kind === "unknown" || pair.rewritten;
  const otherwise = always ? "ELSE" : `ELSEIF ${omitted(a)} THEN`;
  return `BEGIN
${declared}  IF ${omitted(b)} THEN ${copyForth(pair, omission.kind === "unknown" ? "TRUE" : `NOT (${omitted(a)})`)}
  ${otherwise} ${copyBack(pair)}${always ? "" : filled}
  END IF;${bothNull(pair)}
END`;
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
  const back = copyBack(pair, pair.asked ?? pair.lenient);
  return `BEGIN
  IF NOT (${same(pair.old, newOf(a), newOf(b))}) THEN
    IF ${inBackfill(pair.relation)} THEN ${copy(b, a)}
    ELSEIF NOT (${kept(b)}) THEN ${newWins ? back : `IF ${kept(a)} THEN ${back} END IF;`}
    ELSEIF ${newOf(b)} IS NULL OR NOT (${kept(a)}) THEN ${copyForth(pair, `NOT (${kept(a)})`)}
    END IF;
  END IF;${bothNull(pair)}
END`;
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
  lenient: string | null;
}): readonly [Trigger, Trigger] {
  const name = (event: string) => generatedName(`zmigrate_follow_${event}`, given.new, given.hash);
  const follow = `SET ${newOf(given.parked)} = ${newOf(given.new)}`;
  const body =
    given.lenient === null
      ? follow
      : `IF ${newOf(given.new)} IS NULL THEN SET ${newOf(given.parked)} = ${given.lenient}; ELSE ${follow}; END IF`;
  return [
    trigger(given.relation, name("insert"), "INSERT", body),
    trigger(given.relation, name("update"), "UPDATE", body),
  ];
}
