import { findTable } from "../src/engines/engine.js";
import type { ColumnDefinition } from "../src/model/operation.js";
import { isOne } from "./keys-made.js";
import { isLenient, type Missing } from "./missing-from-history.js";
import { FRACTION, INTEGER, isNoDay, isOfEnum, MOMENT, NUMBER } from "./mysql-value.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "settings">;

/** What of a column its default must fit. */
type Defaulted = Pick<ColumnDefinition, "name" | "type" | "notNull" | "autoIncrement" | "default">;

/** The text in a plain string; null for anything else, and where something in it is escaped. */
function stringIn(text: string | null): string | null {
  const found = /^'((?:[^'\\]|'')*)'$/.exec(text?.trim() ?? "")?.[1];
  return found === undefined ? null : found.replaceAll("''", "'");
}

function isRefusedText(text: string, type: string): boolean {
  if (INTEGER.test(type) || FRACTION.test(type)) return !NUMBER.test(text);
  if (MOMENT.test(type)) return isNoDay(text);
  const most =
    /^(?:var)?(?:char|binary)\s*\((\d+)\)/i.exec(type)?.[1] ?? (/^(?:char|binary)\b/i.test(type) ? "1" : null);
  if (most !== null) return [...text.replace(/ +$/, "")].length > Number(most);
  return isOfEnum(text, type) === false;
}

const BITS: Readonly<Record<string, bigint>> = { tiny: 8n, small: 16n, medium: 24n, "": 32n, big: 64n };

function isOutOfRange(text: string, type: string): boolean {
  const size = /^(tiny|small|medium|big)?int(?:eger)?\b/i.exec(type);
  const bits = size === null ? undefined : BITS[size[1]?.toLowerCase() ?? ""];
  if (bits === undefined || !/^[-+]?\d+$/.test(text)) return false;
  const [number, whole] = [BigInt(text.replace("+", "")), 2n ** bits];
  return /\bunsigned\b|\bzerofill\b/i.test(type)
    ? number < 0n || number >= whole
    : number < -whole / 2n || number >= whole / 2n;
}

const NOW = /^(?:(?:current_timestamp|now|localtime|localtimestamp)\s*(?:\(\s*(\d*)\s*\))?)$/i;

/** MySQL takes the present only with as many digits behind the second as the column has, and for no DATE. */
function isOtherMoment(text: string, type: string): boolean {
  const now = NOW.exec(text);
  if (now === null) return false;
  const own = /^(?:datetime|timestamp)\s*(?:\(\s*(\d+)\s*\))?/i.exec(type);
  return own === null ? MOMENT.test(type) : Number(own[1] ?? 0) !== Number(now[1] || 0);
}

/** `0000-00-00` and `2026-00-01`: MySQL refuses both unless another mode is set, MariaDB where one is set that does. */
function isRefusedZero(text: string | null, type: string, { engine, settings }: Asked): boolean {
  const [, year = "1", month = "1", day = "1"] = /^\s*(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(text ?? "") ?? [];
  if (!MOMENT.test(type) || (Number(month) > 0 && Number(day) > 0)) return false;
  const mode = settings.sql_mode;
  if (mode === undefined) return engine.name === "mysql";
  // What is put together from other modes is not told.
  if (/[@(]/.test(mode)) return false;
  const isWhole = Number(year) === 0 && Number(month) === 0 && Number(day) === 0;
  const refuses = new RegExp(`TRADITIONAL|${isWhole ? "NO_ZERO_DATE" : "NO_ZERO_IN_DATE"}`, "i").test(mode);
  return refuses && !isLenient({ settings });
}

function isRefused({ type, notNull, autoIncrement, default: value }: Defaulted, asked: Asked): boolean {
  const written = value?.trim() ?? "";
  if (/^null$/i.test(written)) return notNull && !autoIncrement;
  if (isRefusedZero(stringIn(value), type, asked)) return true;
  const text = stringIn(value);
  if (asked.engine.name === "mysql" && isOtherMoment(written, type)) return true;
  if (isLenient(asked)) return text !== null && INTEGER.test(type) && !NUMBER.test(text);
  return (text !== null && isRefusedText(text, type)) || isOutOfRange(text ?? written, type);
}

/** A primary key is NOT NULL without being called so. */
const keyed = (column: ColumnDefinition): Defaulted => ({ ...column, notNull: column.notNull || column.primaryKey });

function defaultedBy({ operation, catalog }: Asked): readonly Defaulted[] {
  if (operation.kind === "create-table") return operation.columns.map(keyed);
  if (operation.kind === "add-column") return [keyed(operation.column)];
  const modified = detailOf(operation, "modify-column");
  if (modified !== null) return [keyed(modified.definition)];
  const set = detailOf(operation, "set-default");
  const table = set === null || operation.relation === null ? null : findTable(catalog, operation.relation);
  const column = table?.columns.find(({ name }) => isOne(name, set?.column ?? ""));
  return set === null || column === undefined ? [] : [{ ...column, default: set.default }];
}

/** A default that is one constant, or the present, and that MySQL or MariaDB takes for no value of its column; null where it does, or that is not told. */
export function refusedDefault(asked: Asked): Missing | null {
  const { engine } = asked;
  const refused = defaultedBy(asked).find((column) => isRefused(column, asked));
  if (refused === undefined) return null;
  const written = refused.default ?? "";
  const isNull = /^\s*null\s*$/i.test(written);
  const isZero = /^\s*'\d{4}-(?:00|\d\d-00)/.test(written);
  const why = isNull
    ? "is the default"
    : `is no value of ${refused.type}${isZero ? ` in ${asked.settings.sql_mode === undefined ? "the default" : "this"} sql_mode` : ""}, and the default`;
  return {
    what: `${written} ${why} of ${engine.quote(refused.name)}${isNull ? ", which is NOT NULL" : ""} (1067)`,
    help: isZero
      ? "Let the column be NULL and have no default, or write a day that there is; or set the sql_mode that the tables need in front of it."
      : "Write a default that the column can have.",
  };
}
