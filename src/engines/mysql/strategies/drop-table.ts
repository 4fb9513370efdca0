import type { Constraint, Table } from "../../../model/catalog.js";
import type { DropTable } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { type MysqlContext, ONLINE } from "./algorithms.js";
import { alter, ddl } from "./ddl.js";
import { all, hasConstraint, hasTable, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { beside } from "./in-file.js";
import * as locks from "./locks.js";
import { isAbout } from "./objects/known.js";
import { nothing, tableOf } from "./subject.js";

const sameTable = (a: RelationName, b: RelationName) => a.name === b.name;

const isDropOf =
  (relation: RelationName) =>
  (operation: Operation): boolean =>
    operation.kind === "other" &&
    operation.detail?.kind === "drop-table" &&
    operation.relation !== null &&
    sameTable(operation.relation, relation);

function refuse(table: Table, operation: OtherOperation, context: MysqlContext): void {
  const where = show(table.relation);
  const key = table.referencedBy.find((r) => !sameTable(r.relation, table.relation));
  if (key !== undefined) {
    const later = beside(operation, context, "behind").some(isDropOf(key.relation));
    throw new Refusal(
      `The foreign key ${key.constraint} of ${show(key.relation)} points at ${where}.`,
      later
        ? `Write \`DROP TABLE ${quoteRelation(key.relation)}\` before it.`
        : `Drop it first: \`ALTER TABLE ${quoteRelation(key.relation)} DROP FOREIGN KEY ${quote(key.constraint)}\` in an earlier migration.`,
    );
  }
  const before = beside(operation, context, "before");
  const view = table.dependents.find(
    (d) => d.kind === "view" && !before.some(isAbout("drop-object", "view", { schema: null, name: d.name })),
  );
  if (view !== undefined)
    throw new Refusal(`The view ${view.name} reads ${where}.`, `Write \`DROP VIEW ${quote(view.name)}\` before it.`);
}

/** `REFERENCES `t` (...)`: the table that a foreign key points at. */
function targetOf({ definition }: Constraint): string | null {
  const [, quoted, bare] = /\bREFERENCES\s+(?:`((?:[^`]|``)+)`|([\w$]+))/i.exec(definition) ?? [];
  return quoted?.replaceAll("``", "`") ?? bare ?? null;
}

/** A parked table must not hold up who deletes rows that its own rows point at. Keys between tables that go together stay. */
function outboundOf(table: Table, context: MysqlContext): readonly Constraint[] {
  const goes = (name: string) => context.file.some(({ operation: o }) => isDropOf({ schema: null, name })(o));
  return table.constraints.filter((c) => {
    const target = c.kind === "foreign-key" ? targetOf(c) : null;
    return target !== null && target !== table.relation.name && !goes(target);
  });
}

/** The undo runs without foreign_key_checks, or it would copy the table: no row is read (MySQL and MariaDB). */
function keySteps(table: Table, context: MysqlContext): Step[] {
  const { relation } = table;
  return outboundOf(table, context).map((key, n) =>
    ddl({
      id: `${context.ordinal}-drop-key-${n + 1}`,
      phase: "contract",
      stage: "swap",
      sql: [alter(relation, `DROP FOREIGN KEY ${quote(key.name)}, ${ONLINE}`)],
      undo: [
        "SET SESSION foreign_key_checks = 0",
        ...guarded(
          all(hasTable(relation), not(hasConstraint(relation, key.name))),
          alter(relation, `ADD CONSTRAINT ${quote(key.name)} ${key.definition}, ${ONLINE}`),
        ),
        "SET SESSION foreign_key_checks = 1",
      ],
      probe: { sql: stateOf(not(hasConstraint(relation, key.name))), repair: [] },
      locks: [locks.brief(relation)],
      reason: `A parked table must not hold up code that deletes rows that ${key.name} points at.`,
    }),
  );
}

/** Names in both ways in which the gate may say them. */
const dropsOf = (table: Table, parked: string): string[] =>
  table.constraints
    .filter((c) => c.kind === "foreign-key")
    .flatMap((c) => [table.relation.name, parked].map((place) => `foreign key ${c.name} of ${place}`));

/**
 * DROP TABLE in two gated steps: parked under another name first, which can be undone, and dropped later.
 *
 * @throws Refusal while a foreign key or a view needs it
 */
export function dropTable(detail: DropTable, operation: OtherOperation, context: MysqlContext): Phased {
  const { relation } = operation;
  if (relation === null || detail.temporary)
    throw new Refusal(
      "A temporary table is gone with its session, and each step runs in one of its own.",
      "Leave the statement out.",
    );
  if (detail.ifExists && context.catalog.complete && findTable(context.catalog, relation) === null)
    return nothing(`There is no table ${show(relation)}: IF EXISTS has nothing to do.`);
  const table = tableOf(relation, context);
  refuse(table, operation, context);
  const hash = shortHash(context.migrationId, table.relation.schema ?? "", table.relation.name);
  const parked = { schema: table.relation.schema, name: generatedName("zmigrate_dropped", table.relation.name, hash) };
  if (context.newTable) return { steps: [plainly(table, context)], retires: [], gates: [], notes: [] };
  return {
    steps: [...keySteps(table, context), park(table, parked, context), drop(table, parked, context)],
    retires: [],
    gates: [],
    notes: notesOf(table, context),
    retiredTables: [{ relation: table.relation, parked: parked.name, replacement: null }],
    drops: dropsOf(table, parked.name),
  };
}

const plainly = (table: Table, context: MysqlContext): Step =>
  ddl({
    id: `${context.ordinal}-drop`,
    phase: "expand",
    final: true,
    sql: [`DROP TABLE ${quoteRelation(table.relation)}`],
    probe: { sql: stateOf(not(hasTable(table.relation))), repair: [] },
    locks: [locks.brief(table.relation)],
    reason: "The table is new in this release, so no running code knows it: it is dropped at once.",
  });

function park({ relation }: Table, parked: RelationName, context: MysqlContext): Step {
  const rename = (from: RelationName, to: RelationName) =>
    `RENAME TABLE ${quoteRelation(from)} TO ${quoteRelation(to)}`;
  return ddl({
    id: `${context.ordinal}-park`,
    phase: "contract",
    stage: "swap",
    sql: [rename(relation, parked)],
    undo: guarded(all(hasTable(parked), not(hasTable(relation))), rename(parked, relation)),
    probe: { sql: stateOf(hasTable(parked)), repair: [] },
    locks: [locks.brief(relation)],
    reason: `${show(relation)} is parked as ${parked.name}: nothing is lost yet, and a rename brings it back.`,
  });
}

const drop = ({ relation }: Table, parked: RelationName, context: MysqlContext): Step =>
  ddl({
    id: `${context.ordinal}-drop`,
    phase: "contract",
    stage: "drop",
    sql: [`DROP TABLE ${quoteRelation(parked)}`],
    probe: { sql: stateOf(not(hasTable(parked))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `From here on the rows of ${show(relation)} are gone.`,
  });

function notesOf(table: Table, context: MysqlContext): string[] {
  const keys = outboundOf(table, context);
  const rows = table.rows === null ? [] : [`${show(table.relation)} has about ${table.rows} rows.`];
  const held = keys.map(
    (k) =>
      `Until the swap the foreign key ${k.name} still asks new code that deletes rows of ${targetOf(k)}; it goes before the table is parked, and comes back with it. The undo does not look at the rows.`,
  );
  return [...rows, ...held];
}
