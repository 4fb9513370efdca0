import type { Constraint, IndexElem } from "libpg-query";
import { quote } from "../names.js";
import { bodies, body, contains, strings } from "./ast.js";
import { type Reference, referencesIn } from "./column-refs.js";
import { type Fragment, readExpression, readFragment, unreadable } from "./fragment.js";
import type { Token } from "./library.js";
import { bracketed, findKeyword, type Run, type Source, splitAtCommas, tokenAt } from "./source.js";

/** Which columns of a constraint are meant: its table's, or those that a foreign key points at. */
export type Side = "own" | "referenced" | "both";

/**
 * An expression with one column renamed and every other byte as it was. Names qualified by a table count only when
 * `table` is that table's name (schema left out).
 *
 * @throws ZmigrateError internal, for a text that is not one expression, and where the name stands unqualified inside a
 *   subquery, whose own tables may have a column of that name.
 * @example
 * renameColumnInExpression(`lower(email) <> 'email'`, "email", "address") // `lower("address") <> 'email'`
 */
export function renameColumnInExpression(expression: string, from: string, to: string, table?: string): string {
  const read = readExpression(expression);
  if (typeof read === "string") throw unreadable("an expression", expression, read);
  refuseSubquery(read.tree, from, expression);
  return rewrite(read.fragment, referencedTokens(read.fragment.source, read.tree, from, table), to);
}

/**
 * A CREATE INDEX statement as `pg_get_indexdef` prints it, with one column renamed in its keys, expressions, INCLUDE
 * list and predicate. The names of the index and the table stay.
 *
 * @throws ZmigrateError internal, for a text that is not one CREATE INDEX.
 * @example
 * renameColumnInIndex("CREATE INDEX a ON t USING btree (a)", "a", "b") // `CREATE INDEX a ON t USING btree ("b")`
 */
export function renameColumnInIndex(definition: string, from: string, to: string): string {
  const fragment = readFragment("", definition, "");
  if (typeof fragment === "string") throw unreadable("an index", definition, fragment);
  const stmt = body(fragment.node, "IndexStmt");
  if (stmt === null) throw unreadable("an index", definition, "it is not CREATE INDEX");
  const { source } = fragment;
  const behind = { from: tokenAt(source.tokens, source.at(stmt.relation?.location ?? 0)), to: source.tokens.length };
  const include = findKeyword(source, behind, "INCLUDE");
  const elements = bodies(stmt.indexParams, "IndexElem");
  const included = bodies(stmt.indexIncludingParams, "IndexElem");
  return rewrite(
    fragment,
    [
      ...elementTokens(source, elements, behind, from),
      ...(include === null ? [] : elementTokens(source, included, { from: include, to: behind.to }, from)),
      ...referencedTokens(source, stmt, from),
    ],
    to,
  );
}

/**
 * A constraint as `pg_get_constraintdef` prints it, with one column renamed. A foreign key's own columns by default;
 * `side` "referenced" takes the columns that it points at, "both" is for a table that refers to itself.
 *
 * @throws ZmigrateError internal, for a text that is not one constraint.
 * @example
 * renameColumnInConstraint("FOREIGN KEY (a) REFERENCES p(a)", "a", "b") // `FOREIGN KEY ("b") REFERENCES p(a)`
 */
export function renameColumnInConstraint(definition: string, from: string, to: string, side: Side = "own"): string {
  const fragment = readFragment("ALTER TABLE t ADD ", definition, "");
  if (typeof fragment === "string") throw unreadable("a constraint", definition, fragment);
  const commands = bodies(body(fragment.node, "AlterTableStmt")?.cmds, "AlterTableCmd");
  const constraint = commands.length === 1 ? body(commands[0]?.def, "Constraint") : null;
  if (constraint === null) throw unreadable("a constraint", definition, "it is not a constraint");
  const own = side === "referenced" ? [] : ownTokens(fragment.source, constraint, from);
  const pointed = side === "own" ? [] : pointedTokens(fragment.source, constraint, from);
  return rewrite(fragment, [...own, ...pointed], to);
}

function ownTokens(source: Source, constraint: Constraint, from: string): Token[] {
  const run = { from: tokenAt(source.tokens, source.at(constraint.location ?? 0)), to: source.tokens.length };
  const tokens = referencedTokens(source, constraint, from);
  if (constraint.contype === "CONSTR_NOTNULL") return [...tokens, ...notNullToken(source, constraint, run, from)];
  if (constraint.contype === "CONSTR_CHECK") return tokens;
  tokens.push(...keyTokens(source, constraint, run, from));
  const include = findKeyword(source, run, "INCLUDE");
  if (include !== null) {
    tokens.push(...listTokens(source, strings(constraint.including), { from: include, to: run.to }, from));
  }
  return [...tokens, ...setColumnTokens(source, constraint, run, from)];
}

/** The columns of the key: the first list of the constraint. */
function keyTokens(source: Source, constraint: Constraint, run: Run, from: string): Token[] {
  if (constraint.contype === "CONSTR_EXCLUSION") {
    const items = (constraint.exclusions ?? []).flatMap((e) => bodies(body(e, "List")?.items, "IndexElem"));
    return elementTokens(source, items, run, from);
  }
  const names = strings(constraint.contype === "CONSTR_FOREIGN" ? constraint.fk_attrs : constraint.keys);
  return names.length === 0 ? [] : listTokens(source, names, run, from);
}

/** `ON DELETE SET NULL (a)`: the list behind the action names columns of the constraint's own table. */
function setColumnTokens(source: Source, constraint: Constraint, run: Run, from: string): Token[] {
  const names = strings(constraint.fk_del_set_cols);
  const set = names.length === 0 ? null : findKeyword(source, run, "SET");
  return set === null ? [] : listTokens(source, names, { from: set, to: run.to }, from);
}

function pointedTokens(source: Source, constraint: Constraint, from: string): Token[] {
  const names = strings(constraint.pk_attrs);
  const run = { from: 0, to: source.tokens.length };
  const keyword = findKeyword(source, run, "REFERENCES");
  if (keyword === null || names.length === 0) return [];
  return listTokens(source, names, { from: keyword, to: run.to }, from);
}

/** `NOT NULL a`: the column is the first token behind NULL. */
function notNullToken(source: Source, constraint: Constraint, run: Run, from: string): Token[] {
  const keyword = findKeyword(source, run, "NULL");
  const token = keyword === null ? undefined : source.tokens[keyword + 1];
  return token !== undefined && strings(constraint.keys)[0] === from ? [token] : [];
}

/** Elements of an index that are a bare column: the column is their first token. */
function elementTokens(source: Source, elements: readonly IndexElem[], run: Run, from: string): Token[] {
  const list = bracketed(source, run);
  const parts = list === null ? [] : splitAtCommas(source, list);
  return elements.flatMap((element, i) => tokenIf(source, element.name === from, parts[i]?.from));
}

/** Names in a list: the column is the first token, or the second behind PERIOD. */
function listTokens(source: Source, names: readonly string[], run: Run, from: string): Token[] {
  const list = bracketed(source, run);
  const parts = list === null ? [] : splitAtCommas(source, list);
  return names.flatMap((name, i) => {
    const part = parts[i];
    if (part === undefined) return [];
    const period = part.to - part.from > 1 && source.tokens[part.from]?.keyword === "PERIOD";
    return tokenIf(source, name === from, period ? part.from + 1 : part.from);
  });
}

function tokenIf(source: Source, wanted: boolean, index: number | undefined): Token[] {
  const token = index === undefined ? undefined : source.tokens[index];
  return wanted && token !== undefined ? [token] : [];
}

/** The tokens by which a tree's column references name the column. */
function referencedTokens(source: Source, tree: unknown, from: string, table?: string): Token[] {
  return referencesIn(tree)
    .filter((r) => isColumn(r, from, table))
    .flatMap((r) => {
      // A dotted name has a dot between its parts: two tokens for each.
      const index = tokenAt(source.tokens, source.at(r.location)) + 2 * (r.parts.length - 1);
      return tokenIf(source, true, index);
    });
}

function isColumn(reference: Reference, name: string, table: string | undefined): boolean {
  if (reference.star || reference.parts.at(-1) !== name) return false;
  return reference.parts.length === 1 || reference.parts.at(-2) === table;
}

function refuseSubquery(tree: unknown, from: string, text: string): void {
  if (!contains(tree, new Set(["SubLink"]))) return;
  const ambiguous = referencesIn(tree).some((r) => r.parts.length === 1 && r.parts[0] === from);
  if (ambiguous) throw unreadable("an expression", text, "the column is named without its table beside a subquery");
}

/** Puts the new name, quoted, in the place of tokens; everything else stays byte for byte. */
function rewrite(fragment: Fragment, tokens: readonly Token[], to: string): string {
  const name = quote(to);
  const starts = new Map(tokens.map((t) => [t.start, t]));
  let text = "";
  let from = fragment.start;
  for (const token of [...starts.values()].sort((a, b) => a.start - b.start)) {
    text += fragment.source.text.slice(from, token.start) + name;
    from = token.end;
  }
  return text + fragment.source.text.slice(from, fragment.end);
}
