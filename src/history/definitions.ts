import type { Column, Constraint, Index, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { ColumnDefinition, ForeignKeyTarget, TableConstraint } from "../model/operation.js";
import { type Namer, type NamingDialect, namerOf } from "./implied-check.js";
import { leadingName, mentioned } from "./text.js";

/** Types whose equality is identity on every server: comparing them misses no change. */
const EXACT =
  /^(tinyint|smallint|mediumint|int|integer|bigint|int[248]|(small|big)?serial|bool(ean)?|uuid|date|bytea)\b/i;

/** Whether two values of a type that are equal are identical. */
export function isExact(type: string): boolean {
  return EXACT.test(type) && !type.includes("[");
}

/** A column as its definition makes it. MariaDB keeps CHECKs in a column's definition, and makes JSON of a text by one. */
export function columnOf(definition: ColumnDefinition, dialect: NamingDialect | undefined): Column {
  const hidden = (definition.attributes ?? []).some((a) => a.name === "INVISIBLE") ? ["INVISIBLE"] : [];
  const checks = dialect === "mariadb" ? definition.checks.map((c) => `CHECK (${c.expression})`) : [];
  return Object.freeze({
    name: definition.name,
    type: definition.type,
    notNull: definition.notNull,
    ...notNullName(definition.text),
    default: definition.default,
    defaultVolatile: definition.default === null ? false : null,
    collation: definition.collation,
    characterSet: definition.characterSet,
    generated: definition.generated,
    identity: definition.identity,
    autoIncrement: definition.autoIncrement,
    comment: definition.comment,
    onUpdate: definition.onUpdate,
    comparable: isExact(definition.type),
    settings: Object.freeze([...hidden, ...checks]),
    grants: Object.freeze([]),
  });
}

/** `a int CONSTRAINT given NOT NULL`. */
function notNullName(text: string): Pick<Column, "notNullName"> {
  const found = /\bconstraint\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s+not\s+null\b/iu.exec(text)?.[1];
  if (found === undefined) return {};
  return { notNullName: found.startsWith('"') ? found.slice(1, -1).replaceAll('""', '"') : found.toLowerCase() };
}

/** A constraint, and what it points at when it is a foreign key. */
export interface Made {
  readonly constraint: Constraint;
  readonly target: ForeignKeyTarget | null;
}

/** The constraints that are written inside a column's definition. */
export function columnConstraints(column: ColumnDefinition, namer: Namer): Made[] {
  const { name, keyNames, deferrableKeys } = column;
  const list = `(${leadingName(column.text)})`;
  const named = (given: string | null | undefined, columns: readonly string[], label: string) =>
    namer.name(given ?? null, columns, label);
  const made = column.checks.map((c) => inlineCheck(column.name, c, namer));
  if (column.primaryKey) {
    const definition = `PRIMARY KEY ${list}${deferrableKeys?.primaryKey ?? ""}`;
    made.push(make("primary-key", named(keyNames?.primaryKey, [], "pkey"), [name], definition));
  }
  if (column.unique) {
    const definition = `UNIQUE ${list}${deferrableKeys?.unique ?? ""}`;
    made.push(make("unique", named(keyNames?.unique, [name], "key"), [name], definition));
  }
  if (column.references !== null) {
    const key = named(column.references.constraint, [name], "fkey");
    made.push(inlineForeignKey(key, column, column.references));
  }
  return made;
}

function inlineCheck(column: string, check: ColumnDefinition["checks"][number], namer: Namer): Made {
  const name = namer.check(check.name, [column], column);
  const definition = `CHECK (${check.expression})${check.enforced === false ? " NOT ENFORCED" : ""}`;
  return checked(make("check", name, [column], definition), check.enforced);
}

function inlineForeignKey(name: string, column: ColumnDefinition, target: ForeignKeyTarget): Made {
  const behind = column.text.slice(column.text.search(/\breferences\b/i) + "references".length);
  const points = target.columns.length === 0 ? "" : (/^[^(]*(\([^)]*\))/.exec(behind)?.[1] ?? "");
  const text = `FOREIGN KEY (${leadingName(column.text)}) REFERENCES ${leadingName(behind)}${points} ${target.actions}`;
  return { ...make("foreign-key", name, [column.name], text.trimEnd()), target };
}

/** A constraint of the table. An index written among them is none. */
export function tableConstraint(written: TableConstraint, columns: readonly string[], namer: Namer): Made[] {
  if (written.kind === "index") return [];
  const over = written.columns.length > 0 ? written.columns : mentioned(written.text, columns);
  const [words, label] = wordsOf(written.kind, over);
  const check = written.kind === "check";
  const name = check ? namer.check(written.name, words, null) : namer.name(written.name, words, label);
  const definition = written.name === null ? written.text : withoutName(written.text);
  return [{ ...checked(make(written.kind, name, over, definition), written.enforced), target: written.references }];
}

/** What is not enforced holds for no row for certain. */
function checked(made: Made, enforced: boolean | undefined): Made {
  if (enforced !== false) return made;
  return { ...made, constraint: Object.freeze({ ...made.constraint, validated: false }) };
}

const SUFFIX = {
  unique: "key",
  check: "check",
  "foreign-key": "fkey",
  exclusion: "excl",
  "not-null": "not_null",
} as const;

/** A key has no column in its name; a check only when it is about one. */
function wordsOf(kind: Constraint["kind"], columns: readonly string[]): [readonly string[], string] {
  if (kind === "primary-key") return [[], "pkey"];
  return [kind === "check" && columns.length !== 1 ? [] : columns, SUFFIX[kind]];
}

/** `CONSTRAINT name CHECK ...` without its name, as servers print it. */
function withoutName(text: string): string {
  const rest = /^\s*constraint\b/i.test(text) ? text.replace(/^\s*constraint\b/i, "") : null;
  return rest === null ? text : rest.slice(rest.indexOf(leadingName(rest)) + leadingName(rest).length).trimStart();
}

function make(kind: Constraint["kind"], name: string, columns: readonly string[], definition: string): Made {
  const carried = kind === "primary-key" || kind === "unique" || kind === "exclusion";
  const index = carried ? name : null;
  const constraint = { kind, name, columns: Object.freeze([...columns]), definition, validated: true, index };
  return { constraint: Object.freeze(constraint), target: null };
}

/** Names what is added to a table that is there, or to one that is not known. */
export function namerFor(relation: RelationName, table: Table | null, dialect: NamingDialect | undefined): Namer {
  return namerOf(relation, () => takenNames(table), table, dialect);
}

/** The names of a table's constraints and indexes. */
export function takenNames(table: Table | null): Set<string> {
  return new Set([...(table?.constraints ?? []), ...(table?.indexes ?? [])].map((thing) => thing.name));
}

/** The indexes that carry constraints. */
export function carriers(constraints: readonly Constraint[]): Index[] {
  return constraints
    .filter((c) => c.index !== null)
    .map((c) =>
      Object.freeze({
        name: c.index ?? c.name,
        columns: c.columns,
        definition: c.definition,
        unique: c.kind !== "exclusion",
        valid: true,
        constraint: c.name,
      }),
    );
}
