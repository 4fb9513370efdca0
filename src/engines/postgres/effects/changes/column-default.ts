import type { Column } from "../../../../model/catalog.js";
import type { ColumnChange, SetDefault, SetIdentity } from "../../../../model/detail/column.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { keysOf } from "../../../found-by-key.js";
import { domainDefault } from "../domain-default.js";
import { isNull } from "../null-text.js";
import { broken, catalogChange, columnOf, restarted, type Subject } from "../subject.js";
import { unsetSetting, unsetWhy } from "../unset-setting.js";
import { volatilityIn } from "../volatility.js";

/** SET DEFAULT: rows that are there keep their values. One that is NULL is none. */
export function setDefaultEffect({ column, default: value }: SetDefault, subject: Subject): Effect {
  if (isNull(value)) return withoutDefaultEffect(column, subject);
  return catalogChange(subject, "ACCESS EXCLUSIVE", {
    breaks: [...repeats(column, value, subject), ...unset(column, value, subject)],
  });
}

/** Running code that leaves the column out calls the new default. */
function unset(column: string, value: string, subject: Subject): Breakage[] {
  const setting = unsetSetting(value);
  const known = columnOf(subject, column);
  const isLeftOut = known === null || hasValue(known) || !known.notNull;
  const before = known?.default == null ? null : unsetSetting(known.default);
  return setting === null || !isLeftOut || before === setting ? [] : [broken("writes", unsetWhy(column, setting))];
}

/** Every INSERT that leaves the column out gets the same value, which must be unique. */
function repeats(column: string, value: string, subject: Subject): Breakage[] {
  const known = columnOf(subject, column);
  const isLeftOut = known !== null && (hasValue(known) || !known.notNull);
  if (!isLeftOut || !isKey(column, subject) || volatilityIn(value, subject.context.catalog).volatile) return [];
  return [broken("writes", `the second INSERT that does not name ${column} fails (23505)`)];
}

/** The column is unique by itself. */
const isKey = (column: string, { table }: Subject): boolean =>
  table !== null && keysOf(table).some((key) => key.length === 1 && key[0] === column);

/** Code that leaves the column out gets a value from the database. */
const hasValue = ({ default: value, autoIncrement }: Column): boolean =>
  autoIncrement || (value !== null && !isNull(value));

/** DROP DEFAULT: an INSERT that does not name the column writes NULL, or fails, unless it gets the default of a domain. */
export function dropDefaultEffect({ column }: ColumnChange, subject: Subject): Effect {
  const known = columnOf(subject, column);
  const ofDomain = known === null ? null : domainDefault(known.type, subject.context.catalog);
  if (ofDomain !== null && !isNull(ofDomain)) return catalogChange(subject, "ACCESS EXCLUSIVE");
  return withoutDefaultEffect(column, subject);
}

function withoutDefaultEffect(column: string, subject: Subject): Effect {
  const known = columnOf(subject, column);
  const none = known !== null && !hasValue(known);
  return catalogChange(subject, "ACCESS EXCLUSIVE", {
    breaks: none ? [] : [withoutDefault(column, known?.notNull ?? null)],
    assumes: known === null ? [`${column} may be NOT NULL: the table is not known`] : [],
  });
}

function withoutDefault(column: string, notNull: boolean | null): Breakage {
  const inserting = `an INSERT that does not name ${column}`;
  return broken("writes", notNull === false ? `${inserting} writes NULL` : `${inserting} fails (23502)`);
}

/** What an identity column's numbers begin with, where that is said. */
const FIRST_NUMBER = /\bSTART\s+(?:WITH\s+)?(-?\d+)/i;

/** ADD GENERATED ... AS IDENTITY: PostgreSQL asks for NOT NULL first, and counts from where it is told to. */
export function addIdentityEffect({ column, generated, options }: SetIdentity, subject: Subject): Effect {
  const known = columnOf(subject, column);
  const missing = known !== null && !known.notNull;
  const isUnique = known === null || isKey(column, subject);
  const countsOn = Number(FIRST_NUMBER.exec(options ?? "")?.[1] ?? 1) > 1;
  return catalogChange(subject, "ACCESS EXCLUSIVE", {
    breaks: [
      ...(generated === "always" ? [refusesValues(column)] : []),
      ...(isUnique && !countsOn ? [restarted(column)] : []),
    ],
    fails: missing ? `${column} must be NOT NULL first (55000)` : null,
    assumes: known === null ? [`${column} is taken to be NOT NULL: otherwise it is refused (55000)`] : [],
  });
}

function refusesValues(column: string): Breakage {
  return broken("writes", `an INSERT that gives ${column} a value fails (428C9)`);
}

/** SET GENERATED and SET of the sequence's options. */
export function setIdentityEffect({ column, generated, options }: SetIdentity, subject: Subject): Effect {
  const changed = generated === "always" && columnOf(subject, column)?.identity !== "always";
  const again = /\bRESTART\b/i.test(options ?? "");
  return catalogChange(subject, "ACCESS EXCLUSIVE", {
    breaks: [...(changed ? [refusesValues(column)] : []), ...(again ? [restarted(column)] : [])],
  });
}

/** DROP IDENTITY takes the column's values away from those who do not give one. */
export function dropIdentityEffect({ column, ifExists }: ColumnChange, subject: Subject): Effect {
  const known = columnOf(subject, column);
  const none = known !== null && known.identity === null;
  if (none) {
    const fails = ifExists ? null : `${column} is no identity column (55000)`;
    return catalogChange(subject, "ACCESS EXCLUSIVE", { fails });
  }
  return catalogChange(subject, "ACCESS EXCLUSIVE", { breaks: [withoutDefault(column, true)] });
}

/** DROP EXPRESSION leaves the values as they are. PostgreSQL cannot do it for values that are not stored. */
export function dropExpressionEffect({ column, ifExists }: ColumnChange, subject: Subject): Effect {
  const known = columnOf(subject, column);
  if (known?.generated?.kind === "virtual") {
    return catalogChange(subject, "ACCESS EXCLUSIVE", {
      fails: `${column} is virtual, and has no values to keep (0A000)`,
    });
  }
  if (known !== null && known.generated === null) {
    const fails = ifExists ? null : `${column} is not generated (55000)`;
    return catalogChange(subject, "ACCESS EXCLUSIVE", { fails });
  }
  return catalogChange(subject, "ACCESS EXCLUSIVE", { breaks: [broken("writes", `${column} is no longer computed`)] });
}

/** STATISTICS and attribute options leave reads and writes alone; STORAGE and COMPRESSION hold for new values. */
export function columnOptionEffect({ option }: { readonly option: string }, subject: Subject): Effect {
  const strong = option === "STORAGE" || option === "COMPRESSION";
  return catalogChange(subject, strong ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE");
}
