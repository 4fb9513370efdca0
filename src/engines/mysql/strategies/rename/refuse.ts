import type { Column, Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { indexParts } from "../../index-parts.js";
import { identifiersIn } from "../../introspect/text.js";
import { virtualIndex } from "../../keeps-columns.js";
import type { MysqlContext } from "../algorithms.js";
import { names } from "../subject.js";

/** A table that is copied within a lock timeout, index and all: CHECK constraints can be made anew on it. */
export const SMALL_BYTES = 4 * 1024 * 1024;

const LATER = "Rename it in a maintenance window, or wait for a version that supports it.";
const OTHER_TOOL = "Use gh-ost, spirit or pt-online-schema-change for this table.";

/** One reason not to do it: what is so, and what to do instead. */
type Reason = readonly [reason: string, help: string] | null;
type Check = (table: Table, old: Column, context: MysqlContext) => Reason;

const where = (table: Table, old: Column) => `${show(table.relation)}.${old.name}`;

const ownValues: Check = (table, old) => {
  if (old.generated !== null)
    return [`${where(table, old)} is a generated column; renaming it in phases is not supported yet.`, LATER];
  if (old.autoIncrement)
    return [`${where(table, old)} is AUTO_INCREMENT: a trigger sees 0 in it, so no second column can follow.`, LATER];
  const key = table.constraints.find((c) => c.kind === "primary-key" && names(old.name)(c));
  if (key === undefined) return null;
  return [`${where(table, old)} is part of the primary key; renaming it in phases is not supported yet.`, LATER];
};

/** Cascades write without firing triggers: the second column would not follow. Deleting a row takes both. */
const cascades: Check = (table, old) => {
  const key = table.constraints.find(
    (c) =>
      c.kind === "foreign-key" &&
      names(old.name)(c) &&
      /\bON UPDATE (?:CASCADE|SET NULL|SET DEFAULT)\b|\bON DELETE SET (?:NULL|DEFAULT)\b/i.test(c.definition),
  );
  if (key === undefined) return null;
  return [
    `The foreign key ${key.name} changes ${where(table, old)} by a cascade, which fires no trigger: the two columns would come apart.`,
    "Replace the cascade by ON UPDATE/DELETE NO ACTION in a migration of its own, and cascade in the application.",
  ];
};

const generatedFrom = (table: Table, old: Column, { dialect }: MysqlContext) =>
  table.columns.find(
    (c) => c.generated !== null && identifiersIn(c.generated.expression, dialect).has(old.name.toLowerCase()),
  );

const computedFrom: Check = (table, old, context) => {
  const column = generatedFrom(table, old, context);
  if (column === undefined) return null;
  return [
    `The generated column ${column.name} is computed from ${where(table, old)}; renaming it in phases is not supported yet.`,
    LATER,
  ];
};

/** MySQL refuses to rename what a functional index uses (error 3837), whoever asks. */
const functionalIndex: Check = (table, old, { dialect }) => {
  const index = table.indexes.find((i) =>
    indexParts(i.definition, dialect)?.parts.some(
      (p) => p.column === null && identifiersIn(p.text, dialect).has(old.name.toLowerCase()),
    ),
  );
  if (index === undefined) return null;
  return [
    `The functional index ${index.name} is computed from ${where(table, old)}, and MySQL renames no column that one uses (error 3837).`,
    "Drop that index in an earlier migration and create it on the new column afterwards.",
  ];
};

/** Measured on MySQL 9.7: an UPDATE of several tables sets the time after the triggers have run, whatever they wrote. */
const onUpdate: Check = (table, old, { dialect }) => {
  if (dialect === "mariadb" || old.onUpdate === null) return null;
  return [
    `${where(table, old)} is ON UPDATE ${old.onUpdate}: in an UPDATE of several tables (a JOIN) MySQL sets it after the triggers have run, so the two columns would come apart.`,
    "Take ON UPDATE away in an earlier migration and let the application set the time, or rename it in a maintenance window.",
  ];
};

const fulltext: Check = (table, _, { dialect }) => {
  const index = table.indexes.find((i) => indexParts(i.definition, dialect)?.special === "FULLTEXT");
  if (index === undefined) return null;
  return [
    `${show(table.relation)} has the FULLTEXT index ${index.name}: the server adds and drops no column there without blocking writes.`,
    OTHER_TOOL,
  ];
};

const virtualColumns: Check = (table, _, { dialect }) => {
  const index = virtualIndex(table);
  if (dialect === "mysql" || index === null) return null;
  return [
    `${show(table.relation)} has the index ${index.name} over the virtual column ${index.column}: MariaDB adds and drops no column there without copying the table or blocking writes.`,
    `Drop ${index.name} in an earlier migration and create it again in a later one. ${OTHER_TOOL}`,
  ];
};

/** On MySQL a CHECK must be dropped before the rename and made anew after it, and making it copies the table. */
const checks: Check = (table, old, { dialect }) => {
  const check = table.constraints.find((c) => c.kind === "check" && c.validated && names(old.name)(c));
  if (dialect === "mariadb" || check === undefined) return null;
  if (table.bytes !== null && table.bytes <= SMALL_BYTES) return null;
  return [
    `The CHECK ${check.name} names ${where(table, old)}: MySQL renames no such column (error 3959), and making the CHECK anew copies the table while writes wait.`,
    `Drop ${check.name} in an earlier migration, and add it to the new column with NOT ENFORCED or through gh-ost, spirit or pt-online-schema-change.`,
  ];
};

const CHECKS: readonly Check[] = [
  ownValues,
  onUpdate,
  cascades,
  computedFrom,
  functionalIndex,
  fulltext,
  virtualColumns,
  checks,
];

/** @throws Refusal for what the servers or this version cannot carry over */
export function refuseWhatCannotTravel(table: Table, old: Column, context: MysqlContext): void {
  for (const check of CHECKS) {
    const found = check(table, old, context);
    if (found !== null) throw new Refusal(found[0], found[1]);
  }
}

/** Of a table that no running code knows. */
const WRITTEN = "Write the new name in its CREATE TABLE, if that has run nowhere yet";

const computedInNew: Check = (table, old, context) => {
  const column = generatedFrom(table, old, context);
  if (column === undefined) return null;
  return [
    `The generated column ${column.name} is computed from ${where(table, old)}, and MySQL renames no column that one uses (error 3108).`,
    `${WRITTEN}; else rename it in a maintenance window.`,
  ];
};

const indexedInNew: Check = (table, old, context) => {
  const found = functionalIndex(table, old, context);
  return found === null ? null : [found[0], `${WRITTEN}; else drop that index first, and create it on the new column.`];
};

/** Making a CHECK anew copies the table, which MySQL does not do together with renaming what a foreign key uses. */
const checkedKey: Check = (table, old) => {
  const check = table.constraints.find((c) => c.kind === "check" && names(old.name)(c));
  const own = table.constraints.find((c) => c.kind === "foreign-key" && names(old.name)(c));
  const key = own?.name ?? table.referencedBy.find(names(old.name))?.constraint;
  if (check === undefined || key === undefined) return null;
  return [
    `The CHECK ${check.name} and the foreign key ${key} both use ${where(table, old)}: MySQL renames no column under a CHECK (error 3959), nor one of a foreign key together with making the CHECK anew (error 1846).`,
    `${WRITTEN}; else drop ${check.name} first, and add it again behind the rename.`,
  ];
};

/** What MySQL renames no column under, on a table that is new in this release too; MariaDB does. @throws Refusal */
export function refuseWhatServerRefuses(table: Table, old: Column, context: MysqlContext): void {
  if (context.dialect !== "mysql") return;
  for (const check of [computedInNew, indexedInNew, checkedKey]) {
    const found = check(table, old, context);
    if (found !== null) throw new Refusal(found[0], found[1]);
  }
}
