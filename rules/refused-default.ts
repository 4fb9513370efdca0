import { findTable } from "../src/engines/engine.js";
import { enumValues } from "../src/engines/enum-values.js";
import type { ColumnDefinition } from "../src/model/operation.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog">;

interface Defaulted {
  /** In lower case. */
  readonly type: string;
  readonly written: string;
  readonly value: string;
}

const ofColumn = ({ type, default: value }: ColumnDefinition): readonly Defaulted[] =>
  value === null ? [] : [{ type: type.trim().toLowerCase(), written: type, value: value.trim() }];

/** The columns that are made or changed, and the texts of their defaults. */
function defaulted({ operation, catalog }: Asked): readonly Defaulted[] {
  if (operation.kind === "add-column") return ofColumn(operation.column);
  if (operation.kind === "create-table") return operation.columns.flatMap(ofColumn);
  const set = detailOf(operation, "set-default");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const type = table?.columns.find(({ name }) => name === set?.column)?.type;
  const value = set === null ? null : set.default;
  return type === undefined || value === null ? [] : [{ type: type.toLowerCase(), written: type, value: value.trim() }];
}

/** Why PostgreSQL refuses a default that is one constant and nothing else, by its column's type; null where it does not for certain. */
export function refusedDefault(asked: Asked): Missing | null {
  for (const column of defaulted(asked)) {
    const why = refusedText(column, asked) ?? refusedConstant(column, asked) ?? tooLarge(column, asked);
    if (why !== null) return why;
  }
  return null;
}

const LEAVE_OUT = "Leave the statement out, or correct the value.";

/** The text in a string, also behind a cast to a text of any length. */
const textIn = (value: string): string | null =>
  /^'((?:[^']|'')*)'(?:\s*::\s*(?:pg_catalog\.)?"?(?:text|varchar|character varying|bpchar)"?)?$/i
    .exec(value)?.[1]
    ?.replaceAll("''", "'") ?? null;

const NUMBERS = /^(?:small|big)?(?:int|integer|serial)[248]?$|^(?:numeric|decimal|real|double precision|float[48]?)\b/;
const BOOLEAN = /^bool(?:ean)?$/;
const MOMENT = /^(?:date|timestamp(?:tz)?)\b/;
const NUMBER = /^\s*(?:[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?inf(?:inity)?|nan|0[xob][\da-f_]+)\s*$/i;
const TRUTH = /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$/i;
const UUID = /^(?:[\da-f]{4}-?){8}$/i;

/** Whether a text is no value of a type, by what PostgreSQL reads of it; false where that is not told. */
function isUnreadable(text: string, { type, written }: Defaulted, { catalog }: Asked): boolean {
  if (/\[\d*\]$/.test(type)) return !/^\s*(?:\{|\[\s*[-+]?\d)/.test(text);
  if (NUMBERS.test(type)) return !NUMBER.test(text);
  if (BOOLEAN.test(type)) return !TRUTH.test(text);
  if (type === "uuid") return !UUID.test(text.replace(/^\{(.*)\}$/, "$1"));
  if (type === "json" || type === "jsonb") return !isJson(text);
  if (MOMENT.test(type)) return isNoDay(text);
  const values = enumValues(written, catalog);
  return values !== null && !values.includes(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Of the many ways to write a day the one that begins with the year, and what is none in any of them. */
function isNoDay(text: string): boolean {
  if (/^\s*(?:current_timestamp\s*)?$/i.test(text)) return true;
  const [, year = "", month = "", day = ""] = /^\s*(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(text) ?? [];
  if (year === "") return false;
  const last = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(year) === 0 || month < "01" || month > "12" || day < "01" || Number(day) > last;
}

const CODES: readonly (readonly [RegExp, string])[] = [[MOMENT, "22007, 22008"]];

function refusedText(column: Defaulted, asked: Asked): Missing | null {
  const { type, written, value } = column;
  const text = /::/.test(value) ? null : textIn(value);
  if (text === null || !isUnreadable(text, column, asked)) return null;
  const code = CODES.find(([types]) => types.test(type))?.[1] ?? "22P02";
  return { what: `'${text}' is no value of ${written.trim()} (${code})`, help: LEAVE_OUT };
}

/** Types that PostgreSQL makes of no whole number by itself. */
const NO_NUMBER = /^(?:bool(?:ean)?|uuid|jsonb?|bytea|interval|inet|cidr|date|time(?:tz|stamp(?:tz)?)?)\b|\[\d*\]$/;

/** 0 for a boolean, true for a number: of another type, and not cast. */
function refusedConstant({ type, written, value }: Defaulted, { catalog }: Asked): Missing | null {
  const isEnum = enumValues(written, catalog) !== null;
  const isTruth = /^(?:true|false)$/i.test(value);
  const refused =
    (/^[-+]?\d+$/.test(value) && (NO_NUMBER.test(type) || isEnum)) ||
    (isTruth && !BOOLEAN.test(type) && (NUMBERS.test(type) || NO_NUMBER.test(type) || isEnum));
  if (!refused) return null;
  const help = BOOLEAN.test(type) ? `Write ${/^[-+]?0+$/.test(value) ? "false" : "true"}.` : LEAVE_OUT;
  return { what: `${value} is no value of ${type} (42804)`, help };
}

const RANGES: readonly (readonly [RegExp, bits: bigint])[] = [
  [/^(?:smallint|int2)$/, 16n],
  [/^(?:int|integer|int4)$/, 32n],
  [/^(?:bigint|int8)$/, 64n],
];

/** ADD COLUMN computes the default once, for the rows that are there; other statements leave that to INSERTs. */
function tooLarge({ type, value }: Defaulted, { operation, catalog }: Asked): Missing | null {
  if (operation.kind !== "add-column" || operation.ifNotExists) return null;
  if (findTable(catalog, operation.relation)?.partitioned === true) return null;
  const length = /^(?:char|character|varchar|character varying)\s*\((\d+)\)$/.exec(type)?.[1];
  const most = length === undefined ? (/^(?:char|character)$/.test(type) ? 1 : null) : Number(length);
  const text = textIn(value);
  if (most !== null && text !== null)
    return [...text.replace(/ +$/, "")].length > most
      ? { what: `'${text}' is longer than ${type} (22001)`, help: LEAVE_OUT }
      : null;
  const bits = RANGES.find(([types]) => types.test(type))?.[1];
  if (bits === undefined || !/^[-+]?\d+$/.test(value)) return null;
  const number = BigInt(value.replace("+", ""));
  const half = 2n ** (bits - 1n);
  return number < -half || number >= half
    ? { what: `${value} is out of the range of ${type} (22003)`, help: LEAVE_OUT }
    : null;
}
