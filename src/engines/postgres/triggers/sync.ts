import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { literal, quote, quoteRelation } from "../names.js";

/** Two columns of one table that hold the same value while old and new code both run. */
export interface SyncPair {
  readonly relation: RelationName;
  /** Names the functions and triggers; unique per migration, table and column. */
  readonly hash: string;
  readonly old: Column;
  readonly new: string;
}

export interface TriggerSql {
  readonly create: readonly string[];
  readonly drop: readonly string[];
}

const functionName = (hash: string, event: string) => `"zmigrate".${quote(`sync_${hash}_${event}`)}`;
/** BEFORE triggers fire in the order of their names: ours last, so that it sees what the application's triggers wrote. */
const triggerName = (hash: string, event: string) => quote(`zzz_zmigrate_${hash}_${event}`);

/**
 * Different, with NULL as a value. Where the type's equality means identical its own operator is the cheapest; for all
 * others the values are compared bit for bit. Without the casts the server would compare two ROWs element by element.
 */
export const differs = (a: string, b: string, comparable: boolean): string =>
  comparable ? `(${a} IS DISTINCT FROM ${b})` : `(ROW(${a})::record OPERATOR(pg_catalog.*<>) ROW(${b})::record)`;

/**
 * Asked before anything else, so that a backfill's rows cost one look at a setting and no call. The setting names the
 * table that is being backfilled: what its rows' own triggers write to other tables is kept in step there as ever.
 */
const notBackfill = (relation: RelationName) =>
  `pg_catalog.current_setting('zmigrate.backfill', true) IS DISTINCT FROM ${literal(quoteRelation(relation))}`;

function plpgsql(name: string, body: string): string {
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $zmigrate$
BEGIN
${body}
  RETURN NEW;
END
$zmigrate$`;
}

function trigger(pair: Pick<SyncPair, "relation" | "hash">, event: "i" | "u", when: string): string {
  return `CREATE TRIGGER ${triggerName(pair.hash, event)} BEFORE ${event === "i" ? "INSERT" : "UPDATE"} ON ${quoteRelation(pair.relation)}
  FOR EACH ROW${when === "" ? "" : ` WHEN (${when})`} EXECUTE FUNCTION ${functionName(pair.hash, event)}()`;
}

function drops(pair: Pick<SyncPair, "relation" | "hash">): string[] {
  return ["i", "u"].flatMap((event) => [
    `DROP TRIGGER IF EXISTS ${triggerName(pair.hash, event)} ON ${quoteRelation(pair.relation)}`,
    `DROP FUNCTION IF EXISTS ${functionName(pair.hash, event)}()`,
  ]);
}

/**
 * Was the old column written by this INSERT? It was when it is not its default. A default that changes from call to
 * call cannot be compared: then the old side counts as written unless the new side was.
 */
function oldWritten(pair: SyncPair): string {
  const { old } = pair;
  const value = `NEW.${quote(old.name)}`;
  if (old.default === null) return `${value} IS DISTINCT FROM NULL`;
  if (old.defaultVolatile !== false) return `NEW.${quote(pair.new)} IS NOT DISTINCT FROM NULL`;
  return differs(value, `(${old.default})::${old.type}`, old.comparable);
}

/**
 * Keeps a renamed column and its old name equal in both directions by looking at what changed, not at who wrote:
 * one side written, the other follows; both written, both are left as the application wrote them.
 * The update trigger's WHEN keeps an UPDATE of other columns from calling anything.
 * Shape and pitfalls: facts, postgres-expand-contract 1.
 */
export function syncTrigger(pair: SyncPair): TriggerSql {
  const a = quote(pair.old.name);
  const b = quote(pair.new);
  const onInsert = `  IF NEW.${b} IS NOT DISTINCT FROM NULL THEN
    NEW.${b} := NEW.${a};
  ELSIF NOT (${oldWritten(pair)}) THEN
    NEW.${a} := NEW.${b};
  END IF;`;
  const oldChanged = differs(`NEW.${a}`, `OLD.${a}`, pair.old.comparable);
  const newChanged = differs(`NEW.${b}`, `OLD.${b}`, pair.old.comparable);
  const onUpdate = `  IF NOT ${oldChanged} THEN
    NEW.${a} := NEW.${b};
  ELSIF NOT ${newChanged} THEN
    NEW.${b} := NEW.${a};
  END IF;`;
  return {
    create: [
      plpgsql(functionName(pair.hash, "i"), onInsert),
      plpgsql(functionName(pair.hash, "u"), onUpdate),
      trigger(pair, "i", ""),
      trigger(pair, "u", `${notBackfill(pair.relation)} AND (${oldChanged} OR ${newChanged})`),
    ],
    drop: drops(pair),
  };
}

/** After the swap: the parked column follows the new one, so that the swap can be taken back. */
export function followTrigger(pair: {
  relation: RelationName;
  hash: string;
  parked: string;
  new: string;
  comparable: boolean;
}): TriggerSql {
  const assign = `  NEW.${quote(pair.parked)} := NEW.${quote(pair.new)};`;
  const reverse = { relation: pair.relation, hash: `${pair.hash}_r` };
  return {
    create: [
      plpgsql(functionName(reverse.hash, "i"), assign),
      plpgsql(functionName(reverse.hash, "u"), assign),
      trigger(reverse, "i", ""),
      trigger(reverse, "u", differs(`NEW.${quote(pair.new)}`, `OLD.${quote(pair.new)}`, pair.comparable)),
    ],
    drop: drops(reverse),
  };
}
