import type { Column, Constraint, Index } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { ColumnDefinition, ForeignKeyTarget, TableConstraint } from "../model/operation.js";
import { leadingName, mentioned } from "./text.js";

/** Types whose equality is identity on every server: comparing them misses no change. */
const EXACT =
  /^(tinyint|smallint|mediumint|int|integer|bigint|int[248]|(small|big)?serial|bool(ean)?|uuid|date|bytea)\b/i;

/** Whether two values of a type that are equal are identical. */
export function isExact(type: string): boolean {
  return EXACT.test(type) && !type.includes("[");
}

/** A column as its definition makes it. */
export function columnOf(definition: ColumnDefinition): Column {
  return Object.freeze({
    name: definition.name,
    type: definition.type,
    notNull: definition.notNull,
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
    settings: Object.freeze([]),
    grants: Object.freeze([]),
  });
}

/** A constraint, and what it points at when it is a foreign key. */
export interface Made {
  readonly constraint: Constraint;
  readonly target: ForeignKeyTarget | null;
}

/** The constraints that are written inside a column's definition. */
export function columnConstraints(relation: RelationName, column: ColumnDefinition): Made[] {
  const { name } = column;
  const list = `(${leadingName(column.text)})`;
  const made: Made[] = column.checks.map((c) =>
    checked(make("check", c.name ?? `${relation.name}_${name}_check`, [name], `CHECK (${c.expression})`), c.enforced),
  );
  if (column.primaryKey) made.push(make("primary-key", `${relation.name}_pkey`, [name], `PRIMARY KEY ${list}`));
  if (column.unique) made.push(make("unique", `${relation.name}_${name}_key`, [name], `UNIQUE ${list}`));
  if (column.references !== null) made.push(inlineForeignKey(relation, column, column.references));
  return made;
}

function inlineForeignKey(relation: RelationName, column: ColumnDefinition, target: ForeignKeyTarget): Made {
  const name = target.constraint ?? `${relation.name}_${column.name}_fkey`;
  const behind = column.text.slice(column.text.search(/\breferences\b/i) + "references".length);
  const points = target.columns.length === 0 ? "" : (/^[^(]*(\([^)]*\))/.exec(behind)?.[1] ?? "");
  const text = `FOREIGN KEY (${leadingName(column.text)}) REFERENCES ${leadingName(behind)}${points} ${target.actions}`;
  return { ...make("foreign-key", name, [column.name], text.trimEnd()), target };
}

/** A constraint of the table. An index written among them is none. */
export function tableConstraint(relation: RelationName, written: TableConstraint, columns: readonly string[]): Made[] {
  if (written.kind === "index") return [];
  const over = written.columns.length > 0 ? written.columns : mentioned(written.text, columns);
  const name = written.name ?? guessedName(relation, written.kind, over);
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

function guessedName(relation: RelationName, kind: Constraint["kind"], columns: readonly string[]): string {
  return kind === "primary-key" ? `${relation.name}_pkey` : [relation.name, ...columns, SUFFIX[kind]].join("_");
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
