import type { Column } from "../../../../model/catalog.js";
import type {
  ColumnChange,
  RenameColumnIfExists,
  SetColumnVisibility,
  SetDefault,
} from "../../../../model/detail/column.js";
import type { Breakage } from "../../../../model/effect.js";
import { altered, type Change } from "../change.js";
import { columnIn } from "../facts.js";
import { renameColumnChange } from "../rename-column.js";
import { repeatedDefault } from "../repeated-default.js";
import { broken, catalogWay, type Subject } from "../subject.js";
import { INSTANT } from "../ways.js";

/** SET DEFAULT: rows that are there keep their values, and code that names the column sees nothing of it. */
export function setDefaultChange({ column, default: value, ifExists }: SetDefault, subject: Subject): Change {
  if (!present(column, ifExists, subject)) return gone(subject);
  const breaks = repeatedDefault(column, value, subject);
  return altered(subject.relation, catalogWay(subject.server), { breaks }, "default");
}

/** DROP DEFAULT: an INSERT that leaves a NOT NULL column out fails from now on. */
export function dropDefaultChange({ column, ifExists }: Omit<ColumnChange, "kind">, subject: Subject): Change {
  if (!present(column, ifExists, subject)) return gone(subject);
  const known = columnIn(subject.table, column);
  if (known !== null && !known.notNull)
    return altered(subject.relation, catalogWay(subject.server), { breaks: withoutValue(known, subject) }, "default");
  const why = `an INSERT that does not name ${column} fails (1364)`;
  const assumes = known === null ? [`${column} is taken for NOT NULL: it is not known`] : [];
  return altered(subject.relation, catalogWay(subject.server), { breaks: [broken("writes", why)], assumes }, "default");
}

/** MySQL then asks for a value even where NULL is allowed, in strict mode and of all types but ENUM; MariaDB's default is NULL. */
function withoutValue(column: Column, { server }: Subject): readonly Breakage[] {
  const inserting = `an INSERT that does not name ${column.name}`;
  if (server.dialect === "mysql" && !/^enum\b/i.test(column.type))
    return [broken("writes", `${inserting} fails in strict mode (1364)`)];
  return column.default === null || /^null$/i.test(column.default)
    ? []
    : [broken("writes", `${inserting} writes NULL`)];
}

/** SET VISIBLE, SET INVISIBLE. */
export function columnVisibilityChange({ column, visible }: SetColumnVisibility, subject: Subject): Change {
  const breaks = visibilityBreaks(column, visible);
  return altered(subject.relation, catalogWay(subject.server), { breaks }, "default");
}

/** An invisible column is not in SELECT *, nor in INSERT without a list of columns. */
export function visibilityBreaks(column: string, visible: boolean): Breakage[] {
  const why = visible
    ? `INSERT without a list of columns must have a value for ${column} (1136)`
    : `SELECT * is without ${column}, and INSERT without a list of columns must be without it (1136)`;
  return [{ ...broken(visible ? "writes" : "both", why), by: "visibility" }];
}

/** MariaDB's RENAME COLUMN IF EXISTS: the same, or nothing. */
export function renameIfExistsChange({ from }: RenameColumnIfExists, subject: Subject): Change {
  if (!present(from, true, subject)) return gone(subject);
  return renameColumnChange({ relation: subject.relation, from }, subject.server);
}

function present(column: string, ifExists: boolean, { table }: Subject): boolean {
  return !ifExists || table === null || columnIn(table, column) !== null;
}

function gone({ relation }: Subject): Change {
  return altered(relation, INSTANT);
}
