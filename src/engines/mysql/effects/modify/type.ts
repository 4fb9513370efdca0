import type { Column } from "../../../../model/catalog.js";
import type { MysqlDialect } from "../../parse/dialect.js";
import { tokenize } from "../../parse/lexer.js";

/** A type in one spelling, however it was written. */
export interface Type {
  /** In lower case: `int`, `varchar`, `enum`. */
  readonly base: string;
  /** Length, precision and scale, or a fraction's digits. Empty where they say nothing (an integer's display width). */
  readonly numbers: readonly number[];
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  /** The numbers that are written, those too that say nothing of what is stored. */
  readonly written: readonly number[];
  /** Of an enum or a set. */
  readonly values: readonly string[];
  /** MariaDB's JSON: a LONGTEXT in letters of its own, with a CHECK. */
  readonly json: boolean;
}

/** Other names of types; `charset` is what they bring along. */
const NAMES: Readonly<Record<string, string>> = Object.freeze({
  integer: "int",
  int4: "int",
  int1: "tinyint",
  int2: "smallint",
  int3: "mediumint",
  middleint: "mediumint",
  int8: "bigint",
  serial: "bigint",
  bool: "tinyint",
  boolean: "tinyint",
  dec: "decimal",
  numeric: "decimal",
  fixed: "decimal",
  number: "decimal",
  real: "double",
  float8: "double",
  float4: "float",
  "double precision": "double",
  character: "char",
  "character varying": "varchar",
  "char varying": "varchar",
  varcharacter: "varchar",
  varchar2: "varchar",
  raw: "varbinary",
  clob: "longtext",
  "long varchar": "mediumtext",
  "long varbinary": "mediumblob",
  long: "mediumtext",
});

/** What a type has when it says nothing. */
const DEFAULTS: Readonly<Record<string, readonly number[]>> = Object.freeze({
  decimal: [10, 0],
  char: [1],
  binary: [1],
  bit: [1],
  time: [0],
  timestamp: [0],
  datetime: [0],
});

const WITHOUT_NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|year|double)$/;

/**
 * Reads a type's text; what is not understood compares as itself.
 *
 * @example
 * typeOf("INTEGER(11) unsigned", "mysql") // { base: "int", numbers: [], unsigned: true, zerofill: false, written: [11], values: [], json: false }
 */
export function typeOf(text: string, dialect: MysqlDialect): Type {
  const { tokens } = tokenize(text, dialect);
  const open = tokens.findIndex((t) => t.text === "(");
  const words = tokens.filter((t) => t.kind === "word").map((t) => t.upper.toLowerCase());
  const flags = new Set(["unsigned", "signed", "zerofill", "national", "binary"]);
  const head = tokens.slice(0, open < 0 ? tokens.length : open).filter((t) => t.kind === "word");
  const named = head.map((t) => t.upper.toLowerCase()).filter((w, at) => at === 0 || !flags.has(w));
  const name = named.join(" ");
  const json = dialect === "mariadb" && name === "json";
  const base = NAMES[name] ?? (json ? "longtext" : name);
  const numbers = tokens.filter((t) => t.kind === "number").map((t) => Number(t.value));
  return Object.freeze({
    base: base === "float" && (numbers[0] ?? 0) > 24 && numbers.length === 1 ? "double" : base,
    numbers: numbersOf(base, numbers),
    unsigned: words.includes("unsigned") || words.includes("zerofill") || name === "serial",
    zerofill: words.includes("zerofill"),
    written: writtenIn(name, numbers),
    values: tokens.filter((t) => t.kind === "string").map((t) => t.value),
    json,
  });
}

/** What MariaDB's JSON has in its definition, where tables are printed. */
export const isJsonCheck = (setting: string): boolean => /^CHECK \(json_valid\((?:`[^`]*`|[\w$]+)\)\)$/i.test(setting);

/** The type of a column that is there: MariaDB makes JSON of a LONGTEXT by the CHECK in its definition. */
export function columnType({ type, settings }: Pick<Column, "type" | "settings">, dialect: MysqlDialect): Type {
  const read = typeOf(type, dialect);
  return dialect === "mariadb" && read.base === "longtext" && settings.some(isJsonCheck)
    ? { ...read, json: true }
    : read;
}

/** `BOOL` is `TINYINT(1)`, and of a FLOAT one number says how many bytes it takes. */
function writtenIn(name: string, numbers: readonly number[]): readonly number[] {
  if (/^bool(?:ean)?$/.test(name)) return Object.freeze([1]);
  return Object.freeze(name === "float" && numbers.length === 1 ? [] : numbers);
}

function numbersOf(base: string, written: readonly number[]): readonly number[] {
  if (WITHOUT_NUMBERS.test(base) || (base === "float" && written.length === 1)) return [];
  const usual = DEFAULTS[base] ?? [];
  return Object.freeze(usual.length > written.length ? [...written, ...usual.slice(written.length)] : written);
}

/** Equal in everything that is stored. */
export function sameType(a: Type, b: Type): boolean {
  const same = (x: readonly unknown[], y: readonly unknown[]) =>
    x.length === y.length && x.every((v, at) => v === y[at]);
  const [base, sign] = [a.base === b.base && a.json === b.json, a.unsigned === b.unsigned];
  return base && sign && same(a.numbers, b.numbers) && same(a.values, b.values);
}

/** A type of text, which has a character set. */
export function isText(type: string): boolean {
  return /^\s*(national\s|n?(var)?char|character|(tiny|medium|long)?text|enum|set|clob|long\b)/i.test(type);
}

/** A type of shapes, which have no zero. */
export const isShape = (type: string): boolean =>
  /^\s*(geometry|point|linestring|polygon|multi(point|linestring|polygon)|geom(etry)?collection)\b/i.test(type);

/** `varchar` and `varbinary`: a length of one or two bytes stands in front of the value. */
export function isVarying({ base }: Type): boolean {
  return base === "varchar" || base === "varbinary";
}
