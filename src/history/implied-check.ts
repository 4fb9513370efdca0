import type { Constraint, Table } from "../model/catalog.js";
import { impliedName } from "./implied-name.js";

/** Whose way of naming things is meant: PostgreSQL's where it is absent. */
export type NamingDialect = "mysql" | "mariadb";

/**
 * Names what nobody names among the constraints of one table. It remembers what it gave: one for each CREATE TABLE, or
 * for each change of a table that is there.
 */
export interface Namer {
  /** @param given the name that is written; null where none is */
  name(given: string | null, columns: readonly string[], label: string): string;
  /** A CHECK's name; `inline` is the column that it is written at, null for one of the table. */
  check(given: string | null, columns: readonly string[], inline: string | null): string;
}

/**
 * @param there names that are given, or there already: asked for when a name is to be made, since most are written
 * @param table the table as it is; null while it is being created
 */
export function namerOf(
  relation: { readonly name: string },
  there: () => ReadonlySet<string>,
  table: Pick<Table, "constraints"> | null,
  dialect: NamingDialect | undefined,
): Namer {
  const added: string[] = [];
  const taken = () => new Set([...there(), ...added]);
  const nextKey = countedFrom(`${relation.name}_ibfk_`, "foreign-key", table);
  const implied = (columns: readonly string[], label: string): string =>
    dialect !== undefined && label === "fkey" ? nextKey() : impliedName(relation.name, columns, label, taken());
  const name: Namer["name"] = (given, columns, label) => {
    const chosen = given ?? implied(columns, label);
    added.push(chosen);
    return chosen;
  };
  if (dialect === undefined) return { name, check: (given, columns) => name(given, columns, "check") };
  const next = dialect === "mysql" ? countedFrom(`${relation.name}_chk_`, "check", table) : free(taken);
  return {
    name,
    check: (given, columns, inline) =>
      name(given ?? (dialect === "mariadb" && inline !== null ? inline : next()), columns, "check"),
  };
}

/**
 * MySQL: `t_chk_1`, `t_chk_2` in the order of the text, and on both servers `t_ibfk_1` for foreign keys. A name of that form
 * that is written does not count while the table is created; later they go on behind the greatest number there is
 * (measured on 9.7, keys on 10.11 too).
 */
function countedFrom(prefix: string, kind: Constraint["kind"], there: Pick<Table, "constraints"> | null): () => string {
  let last: number | null = null;
  return () => {
    last = (last ?? greatest(prefix, kind, there)) + 1;
    return `${prefix}${last}`;
  };
}

function greatest(prefix: string, kind: Constraint["kind"], there: Pick<Table, "constraints"> | null): number {
  const numbers = (there?.constraints ?? [])
    .filter((c) => c.kind === kind && c.name.startsWith(prefix))
    .map((c) => c.name.slice(prefix.length));
  return Math.max(0, ...numbers.filter((n) => /^\d{1,9}$/.test(n)).map(Number));
}

/** MariaDB: the first of `CONSTRAINT_1`, `CONSTRAINT_2`, ... that nothing else of the table is called (measured on 10.11). */
function free(taken: () => ReadonlySet<string>): () => string {
  return () => {
    const lower = new Set([...taken()].map((name) => name.toLowerCase()));
    for (let n = 1; ; n++) if (!lower.has(`constraint_${n}`)) return `CONSTRAINT_${n}`;
  };
}
