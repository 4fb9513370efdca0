import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { dollarQuotes, literal, quote, quoteRelation } from "../names.js";

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

export const functionName = (hash: string, event: string) => `"zmigrate".${quote(`sync_${hash}_${event}`)}`;
/** BEFORE triggers fire in the order of their names: ours last, so that it sees what the application's triggers wrote. */
export const triggerName = (hash: string, event: string) => quote(`zzz_zmigrate_${hash}_${event}`);

/**
 * Different, with NULL as a value. Where the type's equality means identical its own operator is the cheapest; for all
 * others the values are compared bit for bit. Without the casts the server would compare two ROWs element by element.
 */
export const differs = (a: string, b: string, comparable: boolean): string =>
  comparable ? `(${a} IS DISTINCT FROM ${b})` : `(ROW(${a})::record OPERATOR(pg_catalog.*<>) ROW(${b})::record)`;

/** The setting names the table that is being backfilled: what its rows' own triggers write to other tables is no backfill. */
export const inBackfill = (relation: RelationName) =>
  `pg_catalog.current_setting('zmigrate.backfill', true) IS NOT DISTINCT FROM ${literal(quoteRelation(relation))}`;

/** The bits of pg_trigger.tgtype for a BEFORE trigger of each row. */
const BEFORE_ROW = { INSERT: 1 | 2 | 4, UPDATE: 1 | 2 | 16 } as const;

/** Does the application have triggers that may write columns of the row, before ours see it? */
const hasTriggersOfItsOwn = (event: keyof typeof BEFORE_ROW) => `EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
     WHERE t.tgrelid = TG_RELID AND NOT t.tgisinternal AND t.tgenabled <> 'D'
       AND t.tgtype & ${BEFORE_ROW[event]} = ${BEFORE_ROW[event]} AND t.tgname !~ '^zzz_zmigrate_')`;

function plpgsql(name: string, body: string): string {
  const quotes = dollarQuotes(body);
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${quotes}
BEGIN
${body}
  RETURN NEW;
END
${quotes}`;
}

interface TriggerDefinition {
  /** Ends its name and that of its function. */
  readonly name: string;
  /** Whose function it calls; its own by default. */
  readonly calls?: string;
  readonly on: string;
  readonly when: string;
}

function trigger(
  pair: Pick<SyncPair, "relation" | "hash">,
  { name, calls = name, on, when }: TriggerDefinition,
): string {
  return `CREATE TRIGGER ${triggerName(pair.hash, name)} BEFORE ${on} ON ${quoteRelation(pair.relation)}
  FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${functionName(pair.hash, calls)}(${calls === name ? "" : `'${name}'`})`;
}

function drops(pair: Pick<SyncPair, "relation" | "hash">, names: readonly string[]): string[] {
  return [
    ...names.map((name) => `DROP TRIGGER IF EXISTS ${triggerName(pair.hash, name)} ON ${quoteRelation(pair.relation)}`),
    ...["i", "u"].map((event) => `DROP FUNCTION IF EXISTS ${functionName(pair.hash, event)}()`),
  ];
}

/**
 * Does the new column have the old one's default while both are there? Then an INSERT that leaves a side out is told
 * from one that writes NULL. One that changes from call to call would give the two sides different values.
 */
export const sharesDefault = (old: Column): boolean => old.default !== null && old.defaultVolatile === false;

/**
 * True for a row whose new side nobody has written: it is NULL, or what it is without a writer. Rows that were there
 * when the column was added got its domain's default, those that came past the triggers the column's own.
 */
export function unfilled(pair: Pick<SyncPair, "old" | "new">): string {
  const { old } = pair;
  const b = quote(pair.new);
  const given = [old.domain?.default ?? null, sharesDefault(old) ? old.default : null].flatMap((value) =>
    value === null ? [] : [`NOT ${differs(b, `(${value})::${old.type}`, old.comparable)}`],
  );
  return [`${b} IS NULL`, ...given].join(" OR ");
}

/** What a column gets where an INSERT leaves it out; null is NULL. */
function leftOut({ old }: SyncPair): string | null {
  const value = sharesDefault(old) ? old.default : old.default === null ? (old.domain?.default ?? null) : null;
  return value === null ? null : `(${value})::${old.type}`;
}

/** Was the column written by this INSERT? It was when it is not its default. */
function written(pair: SyncPair, column: string): string {
  const value = leftOut(pair);
  return value === null
    ? `(NEW.${quote(column)} IS DISTINCT FROM NULL)`
    : differs(`NEW.${quote(column)}`, value, pair.old.comparable);
}

/** Conditions for an INSERT that wrote one side alone. */
function insertsOf(pair: SyncPair) {
  const newSide = written(pair, pair.new);
  const volatile = pair.old.default !== null && !sharesDefault(pair.old);
  const oldSide = volatile ? `NOT ${newSide}` : written(pair, pair.old.name);
  return { newAlone: `${newSide} AND NOT (${oldSide})`, oldAlone: `NOT ${newSide} AND (${oldSide})` };
}

/**
 * How a write of the old column alone shows in a row. An UPDATE that leaves the two equal, as a backfill does, is told by
 * the first comparison.
 */
export function oldWrites(pair: SyncPair): { readonly inserts: string; readonly updates: string } {
  const [a, b] = [quote(pair.old.name), quote(pair.new)];
  const { comparable } = pair.old;
  const updates = [
    differs(`NEW.${a}`, `NEW.${b}`, comparable),
    differs(`NEW.${a}`, `OLD.${a}`, comparable),
    `NOT ${differs(`NEW.${b}`, `OLD.${b}`, comparable)}`,
  ].join(" AND ");
  return { inserts: insertsOf(pair).oldAlone, updates };
}

/**
 * An INSERT: the side that was left out follows the other. A default that changes from call to call cannot be compared:
 * then the old side counts as written unless the new side was. What an INSERT wrote is asked in WHEN: it is kept as the
 * table's owner meant it, and asks neither for the writer's rights on a schema nor for its settings.
 */
function insertTriggers(pair: SyncPair): TriggerDefinition[] {
  const [a, b] = [quote(pair.old.name), quote(pair.new)];
  const on = { on: "INSERT", calls: "i" };
  const { newAlone, oldAlone } = insertsOf(pair);
  return [
    { ...on, name: "i1", when: newAlone },
    { ...on, name: "i2", when: oldAlone },
    { ...on, name: "i3", when: differs(`NEW.${a}`, `NEW.${b}`, pair.old.comparable) },
  ];
}

/** The argument tells which of the triggers it is: the new side was written, the old one, or both and differently. */
function onInsert(pair: SyncPair): string {
  const [a, b] = [quote(pair.old.name), quote(pair.new)];
  return `  IF TG_ARGV[0] = 'i2' THEN
    NEW.${b} := NEW.${a};
  ELSIF TG_ARGV[0] = 'i1' OR ${hasTriggersOfItsOwn("INSERT")} THEN
    NEW.${a} := NEW.${b};
  END IF;`;
}

/** An UPDATE after which the two sides differ. The argument tells that the statement itself names the new column. */
function onUpdate(pair: SyncPair): string {
  const [a, b] = [quote(pair.old.name), quote(pair.new)];
  const changed = (column: string) => differs(`NEW.${column}`, `OLD.${column}`, pair.old.comparable);
  return `  IF ${inBackfill(pair.relation)} THEN
    NEW.${b} := NEW.${a};
  ELSIF NOT ${changed(b)} THEN
    IF NEW.${b} IS NOT DISTINCT FROM NULL OR ${changed(a)} THEN
      NEW.${b} := NEW.${a};
    END IF;
  ELSIF NOT ${changed(a)} THEN
    NEW.${a} := NEW.${b};
  ELSIF ${hasTriggersOfItsOwn("UPDATE")} THEN
    IF TG_NARGS > 0 THEN
      NEW.${a} := NEW.${b};
    ELSE
      NEW.${b} := NEW.${a};
    END IF;
  END IF;`;
}

/**
 * Keeps a renamed column and its old name equal in both directions by looking at what changed, not at who wrote:
 * one side written, the other follows; neither written and the new side still empty, it is filled; both written, both
 * are left as the application wrote them. Shape and pitfalls: facts, postgres-expand-contract 1.
 *
 * - The update triggers' WHEN is one comparison: a row whose sides are equal calls nothing, be it an UPDATE of other
 *   columns or a backfill.
 * - Where the application has triggers of its own, one of them may have written the side that the statement did not.
 *   Then the statement's side wins: the new one if it names it (UPDATE OF), else the old one; an INSERT does not tell,
 *   there it is the new one.
 * - A backfill copies the old side, also when a trigger of the application has changed it on the way.
 */
export function syncTrigger(pair: SyncPair): TriggerSql {
  const when = differs(`NEW.${quote(pair.old.name)}`, `NEW.${quote(pair.new)}`, pair.old.comparable);
  return {
    create: [
      plpgsql(functionName(pair.hash, "i"), onInsert(pair)),
      plpgsql(functionName(pair.hash, "u"), onUpdate(pair)),
      ...insertTriggers(pair).map((t) => trigger(pair, t)),
      trigger(pair, { name: "n", calls: "u", on: `UPDATE OF ${quote(pair.new)}`, when }),
      trigger(pair, { name: "u", on: "UPDATE", when }),
    ],
    drop: drops(pair, ["i1", "i2", "i3", "n", "u"]),
  };
}

/**
 * After the swap: the parked column follows the new one, so that the swap can be taken back. The condition of the first
 * trigger is always true. It names the parked column, so that the server refuses to drop it while every INSERT needs it.
 */
export function followTrigger(pair: {
  relation: RelationName;
  hash: string;
  parked: string;
  new: string;
  comparable: boolean;
}): TriggerSql {
  const assign = `  NEW.${quote(pair.parked)} := NEW.${quote(pair.new)};`;
  const reverse = { relation: pair.relation, hash: `${pair.hash}_r` };
  const when = differs(`NEW.${quote(pair.new)}`, `OLD.${quote(pair.new)}`, pair.comparable);
  const always = `NEW.${quote(pair.parked)} IS NOT DISTINCT FROM NULL OR true`;
  return {
    create: [
      plpgsql(functionName(reverse.hash, "i"), assign),
      plpgsql(functionName(reverse.hash, "u"), assign),
      trigger(reverse, { name: "i", on: "INSERT", when: always }),
      trigger(reverse, { name: "u", on: "UPDATE", when }),
    ],
    drop: drops(reverse, ["i", "u"]),
  };
}
