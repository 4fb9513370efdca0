import type { Column, Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { Claim } from "../../../../model/plan.js";
import { Refusal, sameRelation } from "../../../engine.js";
import { fulltextIndexes, functionalIndexes } from "../../effects/facts.js";
import { isLikePrimary } from "../../effects/index-facts.js";
import { isText, typeOf } from "../../effects/modify/type.js";
import { identifiersIn } from "../../introspect/text.js";
import { quote } from "../../names.js";
import { addsInstantlyAnywhere, type MysqlContext } from "../algorithms.js";
import { changeText, type Modify } from "../modify/subject.js";
import { onlineWay } from "../online.js";
import { otherTool } from "../osc.js";
import { names } from "../subject.js";
import { holds } from "./conversion.js";

type Check = (table: Table, old: Column, context: MysqlContext) => string | null;

const where = (table: Table, old: Column) => `${show(table.relation)}.${old.name}`;

const keys: Check = (table, old) => {
  const key = table.constraints.find((c) => /^(?:primary-key|foreign-key)$/.test(c.kind) && names(old.name)(c));
  if (key !== undefined)
    return `${where(table, old)} is part of the ${key.kind.replace("-", " ")} ${key.name}, which no second column of the table can take over beside writers`;
  const inbound = table.referencedBy.find(names(old.name));
  if (inbound === undefined) return null;
  return `the foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${where(table, old)}`;
};

/** MySQL takes the first such key for the primary key, and drops it only by copying (error 1846). MariaDB lets it go in place. */
const likePrimary: Check = (table, old, { dialect }) => {
  const index = table.indexes.find((i) => names(old.name)(i) && isLikePrimary(i, table, dialect));
  if (dialect === "mariadb" || index === undefined) return null;
  return `${show(table.relation)} has no primary key, in the place of which ${index.name} may stand`;
};

const ownValues: Check = (table, old) => {
  if (old.generated !== null) return `${where(table, old)} is a generated column`;
  if (old.autoIncrement) return `${where(table, old)} is AUTO_INCREMENT, and a trigger sees 0 in it`;
  if (old.onUpdate === null) return null;
  return `${where(table, old)} is ON UPDATE ${old.onUpdate}, which the server sets behind the triggers' back`;
};

const checked: Check = (table, old) => {
  const check = table.constraints.find((c) => c.kind === "check" && names(old.name)(c));
  if (check !== undefined) return `the CHECK ${check.name} names ${where(table, old)}`;
  return old.settings.some((s) => s.startsWith("CHECK")) ? `${where(table, old)} has a CHECK` : null;
};

const computed: Check = (table, old, { dialect }) => {
  const name = old.name.toLowerCase();
  const from = table.columns.find(
    (c) => c.generated !== null && identifiersIn(c.generated.expression, dialect).has(name),
  );
  if (from !== undefined) return `the generated column ${from.name} is computed from ${where(table, old)}`;
  const [index] = functionalIndexes(table, old.name);
  return index === undefined ? null : `the functional index ${index.name} is computed from ${where(table, old)}`;
};

const wholeTable: Check = (table, _, { dialect }) => {
  if (table.partitioned) return `${show(table.relation)} is partitioned`;
  const [fulltext] = fulltextIndexes(table, null);
  if (fulltext !== undefined) return `${show(table.relation)} has the FULLTEXT index ${fulltext.name}`;
  const virtual = table.columns.find((c) => c.generated?.kind === "virtual");
  if (dialect === "mysql" || virtual === undefined) return null;
  return `${show(table.relation)} has the virtual column ${virtual.name}`;
};

const version: Check = (table, _, { version: v, dialect }) =>
  addsInstantlyAnywhere(v, dialect)
    ? null
    : `MySQL ${v.text} rebuilds ${show(table.relation)} for a column at its place (8.0.32 and later do not)`;

const CHECKS: readonly Check[] = [keys, likePrimary, ownValues, checked, computed, wholeTable, version];

/** The columns of this table that other operations of the file exchange as well. */
function exchangedBeside({ context, operation, table }: Modify): string[] {
  return context.file.flatMap(({ operation: o }) => {
    if (o === operation || o.kind !== "other" || o.detail?.kind !== "modify-column" || o.relation === null) return [];
    const same = sameRelation(o.relation, table.relation, context.catalog.defaultSchema);
    return same && onlineWay(o, context) === null ? [o.detail.column.toLowerCase()] : [];
  });
}

/** The other columns of the indexes over it: none of them may get a second column meanwhile. */
export function sharesOf({ table, old, detail }: Modify): Claim[] {
  const others = table.indexes.filter(names(old.name)).flatMap((i) => i.columns.filter((c) => c !== old.name));
  const change = `changes the type of ${detail.column}`;
  return [...new Set(others)].map((name) => ({ relation: table.relation, name, change, shares: true }));
}

/** An index over several columns is built anew over one second column at a time: also where another migration is at it. */
function refuseShared(m: Modify): void {
  const { table, old } = m;
  const beside = exchangedBeside(m);
  const over = table.indexes.filter(names(old.name));
  const shared = over.find((i) => i.columns.some((c) => beside.includes(c.toLowerCase()) && c !== old.name));
  const busy = over.find((i) => i.name.startsWith("zmigrate_"));
  const help = "Change one column of an index at a time: put this into a later migration.";
  if (shared !== undefined)
    throw new Refusal(
      `The index ${shared.name} is over ${shared.columns.join(", ")}, and this file changes more than one of them.`,
      help,
    );
  if (busy === undefined) return;
  const why = `The index ${busy.name} over ${where(table, old)} belongs to a migration that is under way.`;
  throw new Refusal(why, help, sharesOf(m));
}

const NUMBER = /^(?:(?:tiny|small|medium|big)?int|decimal|double|float|bit|year)$/;

/** What to say where ALTER TABLE converts a value in another way than an assignment does; null where both do the same. */
function saidAs({ old, context, detail }: Modify): string | null {
  const [from, to] = [old.type, detail.definition.type].map((t) => typeOf(t, context.dialect).base);
  const name = quote(old.name);
  const [, width = "10"] = /\((\d+)\).*\bzerofill\b/i.exec(old.type) ?? [];
  if (to === "json" && context.dialect === "mysql") return NUMBER.test(from ?? "") ? `CAST(${name} AS JSON)` : null;
  if (!isText(detail.definition.type)) return null;
  if (/\bzerofill\b/i.test(old.type)) return `LPAD(${name}, GREATEST(${width}, LENGTH(${name})), '0')`;
  return from === "float" || from === "bit" ? `CAST(${name} AS CHAR)` : null;
}

/**
 * A trigger assigns, and does not see the zeros of ZEROFILL; it writes more digits of a FLOAT than it shows, and the number
 * of a BIT for its bytes, and makes no JSON of a number (measured on both).
 */
function refuseUnsaid(m: Modify): void {
  const said = m.context.up === null ? saidAs(m) : null;
  if (said === null) return;
  throw new Refusal(
    `ALTER TABLE makes another ${m.detail.definition.type} of the ${m.old.type} in ${where(m.table, m.old)} than the triggers would by assigning it.`,
    `Say what it is to be above the statement, as ALTER TABLE makes it: \`-- zmigrate:up ${said}\`.`,
  );
}

/** What a second column cannot take over: the table is then better rebuilt by another tool. @throws Refusal */
export function refuseShadow(m: Modify): void {
  const { table, old, context, detail, changes } = m;
  for (const check of CHECKS) {
    const why = check(table, old, context);
    if (why !== null)
      throw otherTool(table, `Changing the type of ${old.name} copies the table, and ${why}`, changeText(m), context);
  }
  if (holds(detail.definition.type, "a", "b", context.dialect) === null)
    throw otherTool(
      table,
      `Changing ${old.name} to ${detail.definition.type} copies the table, and values of that type cannot be compared with what they come from`,
      changeText(m),
      context,
    );
  refuseUnsaid(m);
  refuseShared(m);
  if (changes.has("on-update"))
    throw new Refusal(
      `This changes the type of ${where(table, old)} and gives it ON UPDATE at once.`,
      "Write two migrations: the type first.",
    );
}
