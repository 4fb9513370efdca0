import type { Catalog } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import { findTable, type Named } from "../../engine.js";
import { isColumnPlace } from "../parse/column-mentions.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import { parseMysql } from "../parse/parse.js";
import { isReserved } from "../parse/reserved.js";
import type { Token } from "../parse/token.js";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const relationsOf = (operations: readonly Operation[]): RelationName[] =>
  operations.flatMap((o) => {
    const detail = o.kind === "other" ? o.detail : undefined;
    if (detail?.kind === "query") return [...detail.reads];
    return detail?.kind === "data-change" ? [...detail.writes, ...detail.reads] : [];
  });

const isName = (token: Token | undefined): token is Token =>
  token?.kind === "quoted" || (token?.kind === "word" && !isReserved(token.upper));

/** What a statement calls a table: its name, and the aliases behind it. */
function calledIn(tokens: readonly Token[], name: string): Set<string> {
  const names = new Set([name.toLowerCase()]);
  tokens.forEach((token, at) => {
    if (!same(token.value, name) || tokens[at + 1]?.text === ".") return;
    const alias = tokens[tokens[at + 1]?.upper === "AS" ? at + 2 : at + 1];
    if (isName(alias)) names.add(alias.value.toLowerCase());
  });
  return names;
}

/** The table's name in front of a column; null without one. */
const qualifierOf = (tokens: readonly Token[], at: number): string | null =>
  tokens[at - 1]?.text === "." ? (tokens[at - 2]?.value.toLowerCase() ?? null) : null;

/**
 * Whether a query names a column, or with `column` null a table. One without a table in front is taken for one of this
 * table wherever that is read or written, unless another table of the statement has a column of the name and this one
 * does not; `*` names none.
 *
 * @param sql one statement, as `readQueries` gives it
 */
export function namesColumn(
  sql: string,
  { relation, column }: Named,
  catalog: Catalog,
  dialect: MysqlDialect,
): boolean {
  const { statements, problems } = parseMysql(sql, dialect);
  if (problems.length > 0) return true;
  const relations = relationsOf(statements.flatMap((s) => s.operations));
  if (!relations.some((r) => same(r.name, relation.name))) return false;
  if (column === null) return true;
  const { tokens } = tokenize(sql, dialect);
  const own = calledIn(tokens, relation.name);
  const others = relations.filter((r) => !same(r.name, relation.name));
  const called = new Set(others.flatMap((r) => [...calledIn(tokens, r.name)]));
  const lacks = findTable(catalog, relation)?.columns.some((c) => same(c.name, column)) === false;
  return tokens.some((token, at) => {
    if (!same(token.value, column) || !isColumnPlace(tokens, at)) return false;
    const qualifier = qualifierOf(tokens, at);
    if (qualifier === null) return !lacks;
    return own.has(qualifier) || !called.has(qualifier);
  });
}
