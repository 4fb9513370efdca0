import type { RelationName } from "../../model/name.js";
import type { Operation, OtherOperation } from "../../model/operation.js";
import type { NamedColumn } from "../engine.js";
import { isColumnPlace } from "./parse/column-mentions.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { tokenize } from "./parse/lexer.js";
import type { Token } from "./parse/token.js";

const on = (relation: RelationName, columns: readonly string[]): NamedColumn[] =>
  [...new Set(columns)].map((column) => ({ relation, column }));

const isName = ({ kind }: Token): boolean => kind === "word" || kind === "quoted";

/** Words in front of which no alias ends, so that what follows them is no alias. */
const OPENS: ReadonlySet<string> = new Set(
  "SELECT DISTINCT WHERE BY AND OR XOR NOT IS LIKE IN BETWEEN SET THEN ELSE WHEN CASE HAVING ON".split(" "),
);

/** Behind an operand or AS stands an alias. */
function mayBeAlias(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return false;
  if (before.kind === "word") return !OPENS.has(before.upper);
  return before.kind !== "operator" || before.text === ")";
}

/** The names that are columns wherever they stand between two tokens. */
function certainIn(tokens: readonly Token[], from = 0, to = tokens.length): string[] {
  const doubtful = new Set<string>();
  const named: string[] = [];
  tokens.forEach((token, at) => {
    if (!isName(token)) return;
    const inside = at >= from && at < to;
    if (inside && isColumnPlace(tokens, at) && !mayBeAlias(tokens, at)) named.push(token.value);
    else doubtful.add(token.value.toLowerCase());
  });
  return named.filter((name) => !doubtful.has(name.toLowerCase()));
}

const count = (tokens: readonly Token[], words: readonly string[]): number =>
  tokens.filter(({ upper }) => words.includes(upper)).length;

const find = (tokens: readonly Token[], word: string): number => tokens.findIndex(({ upper }) => upper === word);

/** A query of one table, without queries inside it. */
function ofView(reads: readonly RelationName[], tokens: readonly Token[]): NamedColumn[] {
  const [relation, ...others] = reads;
  const simple = count(tokens, ["SELECT"]) === 1 && count(tokens, ["WITH", "UNION", "JSON_TABLE"]) === 0;
  return relation === undefined || others.length > 0 || !simple
    ? []
    : on(relation, certainIn(tokens, find(tokens, "SELECT")));
}

/** What a trigger sees of its table's row. */
const ofTrigger = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token, at) => {
    const row = tokens[at - 2];
    const isRow = row?.kind === "word" && /^(?:new|old)$/i.test(row.text);
    return isRow && tokens[at - 1]?.text === "." ? [token.value] : [];
  });

function ofOther({ detail, relation }: OtherOperation, tokens: readonly Token[], dialect: MysqlDialect): NamedColumn[] {
  if (detail?.kind === "create-object") {
    if (detail.object === "view") return ofView(detail.reads, tokens);
    return relation !== null && detail.trigger !== null ? on(relation, ofTrigger(tokens)) : [];
  }
  if (detail?.kind === "add-constraint")
    return relation === null || detail.expression === null
      ? []
      : on(relation, certainIn(tokenize(detail.expression, dialect).tokens));
  if (detail?.kind !== "data-change" || !/^(?:update|delete)$/.test(detail.verb)) return [];
  const [written, ...others] = [...detail.writes, ...detail.reads];
  const from = find(tokens, detail.verb === "update" ? "SET" : "WHERE");
  if (written === undefined || others.length > 0 || from < 0 || count(tokens, ["SELECT"]) > 0) return [];
  return on(written, certainIn(tokens, from));
}

/**
 * The columns that the expressions and queries of an operation name for certain. Where an alias or another table's column
 * could be meant, it is not among them.
 *
 * @param sql the whole statement that it stands in
 */
export function columnsNamed(operation: Operation, sql: string, dialect: MysqlDialect): readonly NamedColumn[] {
  const texts = (all: readonly string[]) => all.flatMap((text) => certainIn(tokenize(text, dialect).tokens));
  switch (operation.kind) {
    case "add-column": {
      const { generated, checks } = operation.column;
      return on(operation.relation, texts([generated?.expression ?? "", ...checks.map((c) => c.expression)]));
    }
    case "create-index":
      return on(operation.relation, texts(operation.keys.flatMap((k) => (k.column === null ? [k.text] : []))));
    case "other":
      return ofOther(operation, tokenize(sql, dialect).tokens, dialect);
    default:
      return [];
  }
}
