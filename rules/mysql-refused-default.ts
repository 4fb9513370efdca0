import type { ColumnDefinition, Operation } from "../src/model/operation.js";
import { isLenient, type Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "engine" | "settings">;

const INTEGER = /^(?:tiny|small|medium|big)?int(?:eger)?\b|^bool(?:ean)?$/i;
const FRACTION = /^(?:decimal|dec|numeric|fixed|float|double|real)\b/i;
const MOMENT = /^(?:date|datetime|timestamp)\b/i;
/** What a server may read as a number, from its first character to its last. */
const NUMBER = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?\s*$/i;

/** The text in a plain string; null for anything else, and where something in it is escaped. */
function stringIn(text: string | null): string | null {
  const found = /^'((?:[^'\\]|'')*)'$/.exec(text?.trim() ?? "")?.[1];
  return found === undefined ? null : found.replaceAll("''", "'");
}

/** The values of `enum('a','b')`; null for another type, and where something in it is escaped. */
function valuesOf(type: string): readonly string[] | null {
  const list = /^enum\s*\(([^\\]*)\)\s*$/i.exec(type)?.[1];
  return list === undefined ? null : [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = ""]) => value);
}

/** Letters that a collation takes for the same are no reason to speak. */
const plain = (text: string): string => text.trimEnd().replaceAll("''", "'").toLowerCase();

function isRefusedText(text: string, type: string): boolean {
  if (INTEGER.test(type) || FRACTION.test(type)) return !NUMBER.test(text);
  if (MOMENT.test(type)) return isNoDay(text);
  const most =
    /^(?:var)?(?:char|binary)\s*\((\d+)\)/i.exec(type)?.[1] ?? (/^(?:char|binary)\b/i.test(type) ? "1" : null);
  if (most !== null) return [...text.replace(/ +$/, "")].length > Number(most);
  const values = valuesOf(type);
  return values !== null && !values.some((one) => plain(one) === plain(text)) && /^[\x20-\x7e]*$/.test(text);
}

/** Of the ways to write a day the one with hyphens; whether zeros are days is up to the mode. */
function isNoDay(text: string): boolean {
  if (!/\d/.test(text)) return true;
  const [, month = "", day = ""] = /^\s*\d{4}-(\d\d)-(\d\d)(?!\d)/.exec(text) ?? [];
  return month > "12" || day > "31";
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

function isRefused({ type, default: value }: ColumnDefinition, asked: Asked): boolean {
  const written = value?.trim() ?? "";
  const text = stringIn(value);
  if (asked.engine.name === "mysql" && isOtherMoment(written, type)) return true;
  if (isLenient(asked)) return text !== null && INTEGER.test(type) && !NUMBER.test(text);
  return (text !== null && isRefusedText(text, type)) || isOutOfRange(text ?? written, type);
}

function definitionsOf(operation: Operation): readonly ColumnDefinition[] {
  if (operation.kind === "create-table") return operation.columns;
  if (operation.kind === "add-column") return [operation.column];
  const modified = detailOf(operation, "modify-column");
  return modified === null ? [] : [modified.definition];
}

/** A default that is one constant, or the present, and that MySQL or MariaDB takes for no value of its column; null where it does, or that is not told. */
export function refusedDefault(asked: Asked): Missing | null {
  const { operation, engine } = asked;
  const refused = definitionsOf(operation).find((column) => isRefused(column, asked));
  if (refused === undefined) return null;
  return {
    what: `${refused.default} is no value of ${refused.type}, and the default of ${engine.quote(refused.name)} (1067)`,
    help: "Write a default that the column can have.",
  };
}
