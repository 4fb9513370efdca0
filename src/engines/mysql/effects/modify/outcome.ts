import type { Column, Table } from "../../../../model/catalog.js";
import type { Breakage } from "../../../../model/effect.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { visibilityBreaks } from "../changes/column.js";
import { has, indexesOver } from "../facts.js";
import { repeatedDefault } from "../repeated-default.js";
import { checksForeignKeys, isStrict, type Server, usualCharacterSet } from "../server.js";
import { broken, type Subject } from "../subject.js";
import { COPY } from "../ways.js";
import { becomesNotNull } from "./compared.js";
import { newChecks } from "./new-checks.js";
import { textChange } from "./text-change.js";
import { columnType, isShape, isText, sameType, typeOf } from "./type.js";
import { typeWay } from "./type-way.js";
import { holdsAll, removedValues } from "./values.js";

function isNarrower(definition: ColumnDefinition, old: Column, { dialect }: Server): boolean {
  return !holdsAll(columnType(old, dialect), typeOf(definition.type, dialect));
}

/** Letters to letters, integers to integers: outside strict mode no value of these is refused, whatever does not fit. */
function isCut(definition: ColumnDefinition, old: Column, { dialect }: Server): boolean {
  const types = [columnType(old, dialect), typeOf(definition.type, dialect)];
  const kinds = [/^(var)?char$|^(tiny|medium|long)?text$/, /int$/];
  return kinds.some((kind) => types.every(({ base, json }) => kind.test(base) && !json));
}

/** What running code loses. */
export function breaksOf(
  definition: ColumnDefinition,
  old: Column,
  lost: readonly string[],
  subject: Subject,
): Breakage[] {
  const { server } = subject;
  const { name, default: value } = definition;
  const breaks: Breakage[] = [];
  const add = (when: boolean, what: Breakage["what"], why: string) =>
    when ? breaks.push(broken(what, why)) : undefined;
  const removed = removedValues(columnType(old, server.dialect), typeOf(definition.type, server.dialect));
  add(removed.length > 0, "writes", `writes of ${removed.map((v) => `'${v}'`).join(", ")} fail (1265)`);
  add(
    removed.length === 0 && isNarrower(definition, old, server),
    "writes",
    `running code that writes what does not fit ${definition.type} fails (1264, 1406)`,
  );
  add(becomesNotNull(definition, old), "writes", `writes of NULL to ${name} fail (1048)`);
  add(needsValue(definition, old, lost), "writes", `an INSERT that does not name ${name} fails (1364)`);
  add(lost.includes("NOT NULL"), "reads", `${name} may be NULL from now on`);
  add(
    lost.some((l) => l.startsWith("ON UPDATE")),
    "writes",
    `${name} no longer follows an UPDATE of its row`,
  );
  const repeats = value === null || value === old.default ? [] : repeatedDefault(old.name, value, subject);
  return [...breaks, ...repeats, ...shownOrHidden(definition, old)];
}

/** MODIFY and CHANGE are MariaDB's only way to make a column INVISIBLE, and without the word make it visible. */
function shownOrHidden({ name, attributes = [] }: ColumnDefinition, { settings }: Column): Breakage[] {
  const hidden = attributes.some((a) => a.name === "INVISIBLE");
  return hidden === settings.includes("INVISIBLE") ? [] : visibilityBreaks(name, !hidden);
}

/** It had a value when none was given, and has none now. */
function needsValue(definition: ColumnDefinition, old: Column, lost: readonly string[]): boolean {
  const had = !old.notNull || lost.some((l) => l.startsWith("DEFAULT") || l === "AUTO_INCREMENT");
  const none = definition.default === null && !definition.autoIncrement && definition.generated === null;
  return definition.notNull && had && none;
}

/** Why it can fail on the rows that are there, or is refused. */
export function failuresOf(definition: ColumnDefinition, old: Column, subject: Subject): string[] {
  const { server } = subject;
  const fails: string[] = [];
  const add = (when: boolean, why: string) => (when ? fails.push(why) : undefined);
  const kinds = [old.generated?.kind ?? "base", definition.generated?.kind ?? "base"];
  add(kinds[0] !== kinds[1] && kinds.includes("virtual"), "it is refused: a virtual column stays one (3106, 1907)");
  add(
    isNarrower(definition, old, server) && (isStrict(server) || !isCut(definition, old, server)),
    `it fails where a value does not fit ${definition.type} (1264, 1265, 1366, 1292, 1406)`,
  );
  // Outside strict mode NULLs become 0, '' and the like, which shapes do not have.
  const hasZero = !isStrict(server) && !isShape(definition.type);
  add(becomesNotNull(definition, old) && !hasZero, "it fails where a row has NULL (1138, 1265, 1048)");
  add(definition.unique, "duplicates in the data fail it (1062)");
  add(definition.primaryKey, "duplicates fail it (1062), and another primary key (1068)");
  add(definition.checks.length > 0 && server.dialect === "mysql", "it fails where a row violates the CHECK (3819)");
  return [...fails, ...keyFailures(definition, old, subject)];
}

/** Keys that must fit the column: foreign keys on either side, unique values that become equal. */
function keyFailures(definition: ColumnDefinition, old: Column, { table, server }: Subject): string[] {
  if (table === null) return [];
  const letters = isText(definition.type) ? textChange(old, definition, table) : "none";
  const other =
    letters !== "none" || !sameType(columnType(old, server.dialect), typeOf(definition.type, server.dialect));
  const own = table.constraints.filter((c) => c.kind === "foreign-key" && has(c.columns, old.name)).map((c) => c.name);
  const inbound = table.referencedBy.filter((r) => has(r.columns, old.name)).map((r) => r.constraint);
  const keys = [...own, ...inbound];
  const long = /^(tiny|medium|long)?(text|blob)$/;
  const [was, is] = [columnType(old, server.dialect).base, typeOf(definition.type, server.dialect).base];
  const unbounded = long.test(is) && !long.test(was) && indexesOver(table, old.name).length > 0;
  const unique = letters !== "none" && indexesOver(table, old.name).some((i) => i.unique);
  return [
    ...(other && keys.length > 0 && !keepsForeignKeys(definition, old, table, server)
      ? [`it is refused (1832, 1833, 3780), because of foreign key ${keys.join(", ")}`]
      : []),
    ...(unbounded ? ["it is refused (1170), because an index over it needs a length"] : []),
    ...(unique ? ["unique values that become equal fail it (1062)"] : []),
  ];
}

const FAMILIES = [/^(?:var)?char$/, /^(?:var)?binary$/, /^decimal$/, /^datetime$/];

/**
 * MySQL 9.7 leaves a foreign key where the change is made in place, and with foreign_key_checks = 0 where both sides can still be
 * compared; MariaDB refuses any other type.
 */
function keepsForeignKeys(definition: ColumnDefinition, old: Column, table: Table, server: Server): boolean {
  if (server.dialect === "mariadb") return false;
  const [from, to] = [columnType(old, server.dialect), typeOf(definition.type, server.dialect)];
  if (!checksForeignKeys(server))
    return from.unsigned === to.unsigned && FAMILIES.some((one) => one.test(from.base) && one.test(to.base));
  const letters = isText(definition.type) ? textChange(old, definition, table) : "none";
  return letters === "none" && typeWay(old, definition, table, server, usualCharacterSet(server)) !== COPY;
}

/** Where strict mode does not refuse, values are cut, and NULLs become 0 or ''. Fractions are rounded in any mode. */
export function losesData(definition: ColumnDefinition, old: Column, server: Server): boolean {
  const [from, to] = [columnType(old, server.dialect), typeOf(definition.type, server.dialect)];
  const forced = isNarrower(definition, old, server) || becomesNotNull(definition, old);
  if (forced && !isStrict(server)) return true;
  const digits = (t: typeof from) => t.numbers[t.base === "decimal" ? 1 : 0] ?? 0;
  const fractional = /^(decimal|time|timestamp|datetime)$/;
  if (from.base === to.base && fractional.test(from.base)) return digits(to) < digits(from);
  return /^(decimal|double|float)$/.test(from.base) && /int$/.test(to.base);
}

/** What every write must satisfy from now on. */
export function enforcedBy(definition: ColumnDefinition, old: Column, { table, server }: Subject): string[] {
  return [
    ...(becomesNotNull(definition, old) ? [`${definition.name} is not NULL`] : []),
    ...(definition.unique ? [`UNIQUE (${definition.name})`] : []),
    ...newChecks(definition, old, table, server.dialect).map((condition) => `CHECK (${condition})`),
  ];
}
