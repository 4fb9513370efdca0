import type { RelationName } from "../../../model/name.js";
import { withoutDefaultRights } from "../default-rights.js";
import { dollarQuotes, literal, quote, quoteRelation } from "../names.js";
import { differs, functionName, type TriggerSql, triggerName } from "./sync.js";

/** A key column, and whether its type's equality means identical. */
export interface KeyColumn {
  readonly name: string;
  readonly comparable: boolean;
}

/** One of two tables that hold a column, and how its row is found. */
export interface MoveSide {
  readonly relation: RelationName;
  readonly column: string;
  /** In the order of the other side's. */
  readonly keys: readonly KeyColumn[];
}

/** A column of two tables, whose rows belong together one by one, while old and new code both run. */
export interface MovedPair {
  /** Names the functions and the triggers; unique per migration and column. */
  readonly hash: string;
  readonly old: MoveSide;
  readonly new: MoveSide;
  /** The equality of the column's type means identical. */
  readonly comparable: boolean;
  /** The old column's value where an INSERT leaves it out; null for NULL, undefined where that cannot be told. */
  readonly oldDefault: string | null | undefined;
  /** The new one's: a constant; null for NULL. */
  readonly newDefault: string | null;
  /** No row of the new table is there before its row of the old one: a foreign key sees to it. */
  readonly follows: boolean;
}

/** What the functions call the other table. */
const OTHER = "zmigrate_other";
/** What they have read of it. */
const ROW = "zmigrate_row";

const columnOf = (of: string, name: string): string => `${of}.${quote(name)}`;

/** `zmigrate_other."id" = NEW."user_id" AND ...`. */
function joined(own: MoveSide, other: MoveSide, alias: string, of: string): string {
  return other.keys
    .map(({ name }, n) => `${columnOf(alias, name)} = ${columnOf(of, own.keys[n]?.name ?? "")}`)
    .join(" AND ");
}

/** The value of a row's other side, NULL where there is none: a subquery for a statement over `own`'s rows. */
export function otherValue(own: MoveSide, other: MoveSide, value: (column: string) => string, locks = ""): string {
  const rows = joined(own, other, OTHER, quote(own.relation.name));
  return `(SELECT ${value(columnOf(OTHER, other.column))} FROM ${quoteRelation(other.relation)} AS ${OTHER} WHERE ${rows}${locks})`;
}

/** True for a value that nobody has written. */
export const untouched = (value: string, given: string | null): string =>
  given === null
    ? `${value} IS NOT DISTINCT FROM NULL`
    : `(${value} IS NOT DISTINCT FROM NULL OR ${value} IS NOT DISTINCT FROM ${given})`;

/** True for a value that somebody has written. */
export const touched = (value: string, given: string | null): string =>
  given === null
    ? `${value} IS DISTINCT FROM NULL`
    : `(${value} IS DISTINCT FROM NULL AND ${value} IS DISTINCT FROM ${given})`;

/** The other side is read under a lock: who writes it waits until this transaction has ended, and then finds this row. */
function read(own: MoveSide, other: MoveSide): string {
  const column = columnOf(OTHER, other.column);
  return `SELECT ${column} AS v INTO ${ROW} FROM ${quoteRelation(other.relation)} AS ${OTHER} WHERE ${joined(own, other, OTHER, "NEW")} FOR SHARE;`;
}

/** Writes a side where it differs: what has followed already is left alone, so that the triggers end. */
function write(p: MovedPair, own: MoveSide, side: MoveSide, value: string): string {
  const rows = joined(own, side, OTHER, "NEW");
  return `UPDATE ${quoteRelation(side.relation)} AS ${OTHER} SET ${quote(side.column)} = ${value} WHERE ${rows} AND ${differs(columnOf(OTHER, side.column), value, p.comparable)};`;
}

/** A superuser's rights would be those of the triggers that the tables' owner may have there. */
function toOwner(name: string, { relation }: MoveSide): string {
  const owner = `SELECT pg_catalog.format('ALTER FUNCTION %s() OWNER TO %I', ${literal(name)}, pg_catalog.pg_get_userbyid(relowner)) FROM pg_catalog.pg_class WHERE oid = ${literal(quoteRelation(relation))}::pg_catalog.regclass`;
  return `
  IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    EXECUTE (${owner});
  END IF;`;
}

/**
 * With the rights of the tables' owner, as cascades of foreign keys have: a writer of one table need not be allowed to
 * write the other one. Nobody else can hang such a function on a table of his own.
 */
function plpgsql(p: MovedPair, event: string, lines: readonly string[]): string[] {
  const name = functionName(p.hash, event);
  const body = `DECLARE\n  ${ROW} record;\nBEGIN\n${lines.map((line) => `  ${line}`).join("\n")}\nEND`;
  const quotes = dollarQuotes(body);
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS ${quotes}\n${body}\n${quotes}`,
    `REVOKE ALL ON FUNCTION ${name}() FROM PUBLIC`,
    withoutDefaultRights({ kind: "FUNCTION", address: `${name}()` }, toOwner(name, p.new)),
  ];
}

interface Definition {
  /** Ends the trigger's name. */
  readonly name: string;
  readonly when: string | null;
  /** `AFTER UPDATE`. */
  readonly on: string;
  /** The function's event, and what it is told. */
  readonly calls: string;
  readonly argument?: string;
}

function trigger({ hash }: MovedPair, { relation }: MoveSide, { name, when, on, calls, argument }: Definition): string {
  const condition = when === null ? "" : ` WHEN (${when})`;
  const told = argument === undefined ? "" : `'${argument}'`;
  return `CREATE TRIGGER ${triggerName(hash, name)} ${on} ON ${quoteRelation(relation)}
  FOR EACH ROW${condition} EXECUTE FUNCTION ${functionName(hash, calls)}(${told})`;
}

function drops({ hash }: MovedPair, { relation }: MoveSide, triggers: readonly string[], functions: readonly string[]) {
  return [
    ...triggers.map((name) => `DROP TRIGGER IF EXISTS ${triggerName(hash, name)} ON ${quoteRelation(relation)}`),
    ...functions.map((event) => `DROP FUNCTION IF EXISTS ${functionName(hash, event)}()`),
  ];
}

const changed = ({ name, comparable }: KeyColumn): string =>
  differs(columnOf("NEW", name), columnOf("OLD", name), comparable);

const changedKey = ({ keys }: MoveSide): string => keys.map(changed).join(" OR ");

const changedValue = ({ column: name }: MoveSide, { comparable }: MovedPair): string => changed({ name, comparable });

/** An UPDATE that writes the column gives it; one that finds another row takes what is there. */
const onUpdate = (p: MovedPair, side: MoveSide, calls: string): Definition[] => [
  { name: `${calls}g`, on: "AFTER UPDATE", when: changedValue(side, p), calls, argument: "give" },
  {
    name: `${calls}k`,
    on: "AFTER UPDATE",
    when: `NOT ${changedValue(side, p)} AND (${changedKey(side)})`,
    calls,
    argument: "take",
  },
];

/** An INSERT that leaves the column out takes it; any other gives it. What cannot be told is only given to who has nothing. */
function onInsert(side: MoveSide, calls: string, given: string | null | undefined, asks: string): Definition[] {
  const on = "AFTER INSERT";
  if (given === undefined) return [{ name: `${calls}i`, on, when: null, calls, argument: asks }];
  const value = columnOf("NEW", side.column);
  return [
    { name: `${calls}i`, on, when: touched(value, given), calls, argument: "give" },
    { name: `${calls}j`, on, when: untouched(value, given), calls, argument: asks },
  ];
}

/** Old code's table: what it writes goes to the other one. A value that new code has written there first is taken. */
export function oldSideTriggers(p: MovedPair): TriggerSql {
  const [own, other] = [p.old, p.new];
  const value = columnOf("NEW", own.column);
  const body = [
    "IF TG_ARGV[0] = 'take' THEN",
    `  ${read(own, other)}`,
    `  IF NOT FOUND OR NOT ${differs(`${ROW}.v`, value, p.comparable)} THEN RETURN NULL; END IF;`,
    `  IF ${value} IS NULL OR ${touched(`${ROW}.v`, p.newDefault)} THEN`,
    `    ${write(p, own, own, `${ROW}.v`)}`,
    "    RETURN NULL;",
    "  END IF;",
    "END IF;",
    write(p, own, other, value),
    "RETURN NULL;",
  ];
  const inserts = p.follows ? [] : onInsert(own, "o", p.oldDefault, "take");
  const triggers = [...inserts, ...onUpdate(p, own, "o")];
  return {
    create: [...plpgsql(p, "o", body), ...triggers.map((t) => trigger(p, own, t))],
    drop: drops(
      p,
      own,
      triggers.map((t) => t.name),
      ["o"],
    ),
  };
}

/**
 * New code's table. A row without a value of its own takes the old one's, before it is inserted, so that RETURNING has it,
 * and once more behind that: a foreign key may have waited for the other row in between. NULL is not taken there: the row
 * keeps its default, which the other one takes then.
 */
export function newSideTriggers(p: MovedPair): TriggerSql {
  const [own, other] = [p.new, p.old];
  const value = columnOf("NEW", own.column);
  const there = `SELECT FROM ${quoteRelation(own.relation)} AS ${OTHER} WHERE ${joined(own, own, OTHER, "NEW")}`;
  const before = [
    // An upsert of that row: what it writes, NULL too, is written by its UPDATE, which reads EXCLUDED.
    `IF EXISTS (${there}) THEN RETURN NEW; END IF;`,
    read(own, other),
    `IF FOUND AND ${ROW}.v IS DISTINCT FROM NULL THEN ${value} := ${ROW}.v; END IF;`,
    "RETURN NEW;",
  ];
  const body = [
    "IF TG_ARGV[0] <> 'give' THEN",
    `  ${read(own, other)}`,
    "  IF NOT FOUND THEN RETURN NULL; END IF;",
    `  IF TG_ARGV[0] = 'take' OR ${ROW}.v IS DISTINCT FROM NULL THEN`,
    `    IF ${differs(`${ROW}.v`, value, p.comparable)} THEN ${write(p, own, own, `${ROW}.v`)} END IF;`,
    "    RETURN NULL;",
    "  END IF;",
    "END IF;",
    write(p, own, other, value),
    "RETURN NULL;",
  ];
  const first = { name: "b", on: "BEFORE INSERT", when: untouched(value, p.newDefault), calls: "b" };
  const triggers = [first, ...onInsert(own, "n", p.newDefault, "fill"), ...onUpdate(p, own, "n")];
  return {
    create: [...plpgsql(p, "b", before), ...plpgsql(p, "n", body), ...triggers.map((t) => trigger(p, own, t))],
    drop: drops(
      p,
      own,
      triggers.map((t) => t.name),
      ["b", "n"],
    ),
  };
}

/** After the swap: the parked column follows, as far as new code's table is written. */
export function followNewSide(p: MovedPair): TriggerSql {
  const [own, other] = [p.new, p.old];
  const body = [write(p, own, other, columnOf("NEW", own.column)), "RETURN NULL;"];
  const when = `${changedValue(own, p)} OR ${changedKey(own)}`;
  const triggers: Definition[] = [
    { name: "fi", on: "AFTER INSERT", when: null, calls: "f" },
    { name: "fu", on: "AFTER UPDATE", when, calls: "f" },
  ];
  return {
    create: [...plpgsql(p, "f", body), ...triggers.map((t) => trigger(p, own, t))],
    drop: drops(p, own, ["fi", "fu"], ["f"]),
  };
}

/**
 * The same for rows of the former table that come, or get another key, behind those of the other one. Their condition names
 * the parked column and says nothing of it, so that the server refuses to drop that while every write needs it.
 */
export function followOldSide(p: MovedPair): TriggerSql {
  const [own, other] = [p.old, p.new];
  const body = [read(own, other), `IF FOUND THEN ${write(p, own, own, `${ROW}.v`)} END IF;`, "RETURN NULL;"];
  const always = `(${columnOf("NEW", own.column)} IS NOT DISTINCT FROM NULL OR true)`;
  const inserted: Definition = { name: "pi", on: "AFTER INSERT", when: always, calls: "p" };
  const moved: Definition = { name: "pu", on: "AFTER UPDATE", when: `(${changedKey(own)}) AND ${always}`, calls: "p" };
  const triggers = p.follows ? [moved] : [inserted, moved];
  return {
    create: [...plpgsql(p, "p", body), ...triggers.map((t) => trigger(p, own, t))],
    drop: drops(
      p,
      own,
      triggers.map((t) => t.name),
      ["p"],
    ),
  };
}
