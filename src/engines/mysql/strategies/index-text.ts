import type { Index } from "../../../model/catalog.js";
import type { CreateIndex } from "../../../model/operation.js";
import { indexParts } from "../index-parts.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";

/** What the servers call an index that is kept, and that no query uses, and one that queries use. */
const HIDDEN = { mysql: "INVISIBLE", mariadb: "IGNORED" } as const;
const SHOWN = { mysql: "VISIBLE", mariadb: "NOT IGNORED" } as const;

const FLAGS: ReadonlySet<string> = new Set(["VISIBLE", "INVISIBLE", "IGNORED", "NOT"]);

/** `ALTER INDEX k INVISIBLE`, as a part of ALTER TABLE. */
export const alterIndex = (name: string, visible: boolean, dialect: MysqlDialect): string =>
  `ALTER INDEX ${quote(name)} ${(visible ? SHOWN : HIDDEN)[dialect]}`;

/** The words behind the key parts that say whether queries use it. */
const flagsIn = (tail: string, dialect: MysqlDialect) =>
  tokenize(tail, dialect).tokens.filter((t) => t.kind === "word" && FLAGS.has(t.upper));

/** No query uses it, by what its definition says. */
export function isHidden({ definition }: Index, dialect: MysqlDialect): boolean {
  const words = flagsIn(indexParts(definition, dialect)?.tail ?? "", dialect).map((t) => t.upper);
  return words.at(-1) === HIDDEN[dialect] && words.at(-2) !== "NOT";
}

function without(tail: string, dialect: MysqlDialect): string {
  const cut = (text: string, { start, end }: { readonly start: number; readonly end: number }) =>
    text.slice(0, start) + text.slice(end);
  return flagsIn(tail, dialect)
    .map((t) => t.span)
    .reduceRight(cut, tail)
    .trim();
}

/**
 * `ADD UNIQUE INDEX k (a)`, as a part of ALTER TABLE that makes an index as it was.
 *
 * @param hidden no query uses it
 * @returns null for a definition without key parts
 */
export function addAgain(index: Index, name: string, hidden: boolean, dialect: MysqlDialect): string | null {
  const read = indexParts(index.definition, dialect);
  if (read === null) return null;
  const kind = index.unique ? "UNIQUE " : read.special === null ? "" : `${read.special} `;
  const keys = read.parts.map((p) => p.text).join(", ");
  const tail = [without(read.tail, dialect), hidden ? HIDDEN[dialect] : ""].filter((t) => t !== "");
  return [`ADD ${kind}INDEX ${quote(name)} (${keys})`, ...tail].join(" ");
}

const SPECIAL: ReadonlySet<string> = new Set(["fulltext", "spatial", "vector"]);

const kindOf = ({ unique, method }: CreateIndex): string =>
  unique ? "UNIQUE " : SPECIAL.has(method ?? "") ? `${method?.toUpperCase()} ` : "";

/** `ADD UNIQUE INDEX k (a)`, as it is written, under this name. */
export const addWritten = (operation: CreateIndex, name: string): string =>
  `ADD ${kindOf(operation)}INDEX ${quote(name)} ${operation.definition}`;

/** The index that a statement makes, as a catalog has it. */
export const asIndex = (operation: CreateIndex, name: string): Index =>
  Object.freeze({
    name,
    columns: Object.freeze(operation.keys.flatMap((k) => k.column ?? [])),
    definition: `CREATE ${kindOf(operation)}INDEX ${quote(name)} ON ${quote(operation.relation.name)} ${operation.definition}`,
    unique: operation.unique,
    valid: true,
    constraint: operation.unique ? name : null,
  });
