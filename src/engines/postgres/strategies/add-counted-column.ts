import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { impliedName } from "../implied-name.js";
import { generatedName, literal, quote, quoteRelation, shortHash } from "../names.js";
import { becomeNotNull, constraintsOf, id, type Subject } from "./column-constraints.js";
import { identitySequence } from "./sequence.js";
import { mustBePlain, mustTakeUpdates } from "./subject.js";
import { writtenValue } from "./written-value.js";

const SERIALS: Readonly<Record<string, string>> = {
  smallserial: "smallint",
  serial2: "smallint",
  serial: "integer",
  serial4: "integer",
  bigserial: "bigint",
  serial8: "bigint",
};

/** A column that counts, with the sequence that its values come from meanwhile. */
interface Counted extends Subject {
  readonly type: string;
  /** Of an identity column it goes in the end: the server makes that one's own. */
  readonly sequence: string;
  /** `(START WITH 5)`, or nothing. */
  readonly options: string;
}

/** What stands behind AS IDENTITY in brackets. @throws Refusal for a name that two sequences would have */
function optionsOf({ column, table }: Subject): string {
  const inside = /\bAS\s+IDENTITY\s*\(([^)]*)\)/i.exec(column.text)?.[1]?.trim() ?? "";
  if (/\bSEQUENCE\s+NAME\b/i.test(inside))
    throw new Refusal(
      `The sequence of ${show(table.relation)}.${column.name} cannot have a name of its own here.`,
      "Leave SEQUENCE NAME out, and rename the sequence in a later migration.",
    );
  return inside;
}

function nameOf({ table, column, context }: Subject): string {
  if (column.identity !== null)
    return generatedName(
      "zmigrate_new",
      `${column.name}_seq`,
      shortHash(context.migrationId, table.relation.name, column.name),
    );
  const taken = context.catalog.tables.flatMap((t) => [t.relation.name, ...t.indexes.map((i) => i.name)]);
  return impliedName(table.relation.name, [column.name], "seq", new Set(taken));
}

function counted(s: Subject): Counted {
  const type = SERIALS[s.column.type.toLowerCase()] ?? s.column.type;
  return { ...s, type, sequence: nameOf(s), options: optionsOf(s) };
}

const sequenceOf = (s: Counted): string => quoteRelation({ schema: s.relation.schema, name: s.sequence });

const nextOf = (s: Counted): string => `nextval(${literal(sequenceOf(s))}::regclass)`;

/** Who may insert rows: an INSERT asks the sequence as whoever writes, while an identity column asks nobody. */
function inserters(table: Table, column: ColumnDefinition): readonly string[] {
  if (column.identity !== null) return ["PUBLIC"];
  const grants = [...(table.grants ?? []), ...table.columns.flatMap((c) => c.grants)];
  const roles = grants.flatMap((grant) => {
    const [, privileges = "", role] = /^GRANT (.*?) ON %table% TO (.*?)(?: WITH GRANT OPTION)?$/.exec(grant) ?? [];
    return role !== undefined && /\b(INSERT|ALL)\b/.test(privileges) ? [role] : [];
  });
  return [...new Set(roles)];
}

/** New rows count from the moment on that the column is there; those that are there are given their number in batches. */
function add(s: Counted): Step {
  const { column, relation } = s;
  const [table, name, sequence] = [quoteRelation(relation), quote(column.name), sequenceOf(s)];
  const written = writtenValue(column, null);
  return step({
    id: id(s, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [
      `ALTER TABLE ${table} ADD COLUMN ${name} ${s.type}`,
      `CREATE SEQUENCE ${sequence} AS ${s.type}${s.options === "" ? "" : ` ${s.options}`} OWNED BY ${table}.${name}`,
      ...inserters(s.table, column).map((role) => `GRANT USAGE ON SEQUENCE ${sequence} TO ${role}`),
      `ALTER TABLE ${table} ALTER COLUMN ${name} SET DEFAULT ${nextOf(s)}`,
    ],
    undo: [`ALTER TABLE ${table} DROP COLUMN IF EXISTS ${name}`],
    locks: [locks.alterTable(relation)],
    ...(written === null ? {} : { adds: { relation, column: column.name, ...written } }),
    reason: "Nothing is rewritten: new rows get the next number, and those that are there get theirs in batches.",
  });
}

function number(s: Counted): Step {
  const { batch } = s.context;
  return step({
    id: id(s, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: {
      relation: s.relation,
      set: `${quote(s.column.name)} = ${nextOf(s)}`,
      where: `${quote(s.column.name)} IS NULL`,
      key: batch?.key == null ? null : [batch.key],
      rows: batch?.rows ?? null,
      targetMs: batch?.targetMs ?? null,
    },
    reason: "Gives the rows that were there before their number, in batches in the order of the key.",
  });
}

/** The server makes an identity column's sequence itself: it goes on where ours is, in one moment. */
function becomeIdentity(s: Counted): Step[] {
  const { column, relation } = s;
  if (column.identity === null) return [];
  const [table, name] = [quoteRelation(relation), quote(column.name)];
  const options = s.options === "" ? "" : ` (${s.options})`;
  const own = identitySequence(relation, column.name);
  return [
    step({
      id: id(s, "identity"),
      phase: "backfill",
      kind: "ddl",
      sql: [
        `ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT`,
        `ALTER SEQUENCE ${sequenceOf(s)} OWNED BY NONE`,
        `ALTER TABLE ${table} ALTER COLUMN ${name} ADD GENERATED ${column.identity === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${options}`,
        `SELECT pg_catalog.setval(${own}::regclass, last_value, is_called) FROM ${sequenceOf(s)}`,
        `DROP SEQUENCE ${sequenceOf(s)}`,
      ],
      locks: [locks.alterTable(relation)],
      reason: "Every row has its number: the column becomes what was written, and goes on counting where it is.",
    }),
  ];
}

/**
 * ADD COLUMN with serial or identity: as written it writes the whole table anew under a lock. @throws Refusal
 */
export function addCounted(subject: Subject): Phased {
  const { table, column } = subject;
  mustBePlain(table, "adding a column in several steps");
  mustTakeUpdates(table);
  const s = counted(subject);
  const isNew = column.identity === null && inserters(table, column).length > 0;
  return {
    steps: [add(s), number(s), ...becomeNotNull(s), ...becomeIdentity(s), ...constraintsOf(s)],
    retires: [],
    gates: [],
    notes: [
      `${column.name} is numbered in the order of the key that the backfill walks, and rows that come meanwhile in between.`,
      ...(isNew
        ? [
            `Roles that may insert into ${show(table.relation)} get USAGE on the sequence ${s.sequence}, or their INSERT would fail.`,
          ]
        : []),
    ],
  };
}
