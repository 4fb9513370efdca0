import type { ResultColumn } from "../../shadow.js";

/** What a prepared statement takes and returns. */
export interface Described {
  /** How many: of their types the servers say nothing. */
  readonly parameters: number;
  /** Where each comes from, `t.a`, beside its name and type; "" for what is computed. */
  readonly columns: readonly (ResultColumn & { readonly origin: string })[];
}

/** What the protocol says of a column; a type is a number. */
interface Definition {
  readonly name: string;
  readonly columnType: number;
  readonly flags: number;
  readonly characterSet: number;
  readonly orgTable: string;
  readonly orgName: string;
}

const TYPES: Readonly<Record<number, string>> = Object.freeze({
  0: "decimal",
  1: "tinyint",
  2: "smallint",
  3: "int",
  4: "float",
  5: "double",
  6: "null",
  7: "timestamp",
  8: "bigint",
  9: "mediumint",
  10: "date",
  11: "time",
  12: "datetime",
  13: "year",
  15: "varchar",
  16: "bit",
  242: "vector",
  245: "json",
  246: "decimal",
  247: "enum",
  248: "set",
  249: "text",
  250: "text",
  251: "text",
  252: "text",
  253: "varchar",
  254: "char",
  255: "geometry",
});
const STRINGS: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254]);
const [UNSIGNED, ENUM, SET] = [32, 256, 2048];
/** The character set of bytes. */
const BINARY = 63;

function typeOf({ columnType, flags, characterSet }: Definition): string {
  if ((flags & ENUM) !== 0) return "enum";
  if ((flags & SET) !== 0) return "set";
  const name = TYPES[columnType] ?? `type ${columnType}`;
  if (STRINGS.has(columnType)) return characterSet === BINARY ? `binary ${name}` : name;
  return (flags & UNSIGNED) !== 0 ? `${name} unsigned` : name;
}

const columnOf = (d: Definition) => ({
  name: d.name,
  type: typeOf(d),
  origin: d.orgName === "" ? "" : `${d.orgTable}.${d.orgName}`,
});

/**
 * Reads what the driver keeps of a prepared statement.
 *
 * @throws Error where it keeps nothing of the sort
 */
export function describedBy(prepared: object): Described {
  const { statement } = prepared as { statement?: { columns?: Definition[]; parameters?: unknown[] } };
  if (statement?.columns === undefined || statement.parameters === undefined)
    throw new Error("the driver does not say what the query returns");
  return { parameters: statement.parameters.length, columns: statement.columns.map(columnOf) };
}
