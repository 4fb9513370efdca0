import type { StoredObject } from "../../../../model/catalog.js";
import { quote } from "../../names.js";
import { noteNeighbours } from "../../neighbours.js";
import { tokenize } from "../../parse/lexer.js";
import type { MysqlContext } from "../algorithms.js";
import { storedOf } from "./known.js";

/** The server prints a trigger without its place among those of the same moment: it would come back behind them. */
function inPlace(create: string, next: string, { dialect }: MysqlContext): string {
  const { tokens } = tokenize(create, dialect);
  const at = tokens.findIndex((_, n) => ["FOR", "EACH", "ROW"].every((word, k) => tokens[n + k]?.upper === word));
  const end = tokens[at + 2]?.span.end;
  return at < 0 || end === undefined ? create : `${create.slice(0, end)} PRECEDES ${quote(next)}${create.slice(end)}`;
}

/**
 * Statements that make something as it was before an operation, a trigger in front of the one that it stood in front of and
 * that is there when the operation is taken back: another migration may have dropped it meanwhile. Null where they are not
 * known.
 */
export function formerOf(stored: StoredObject | null, context: MysqlContext): readonly string[] | null {
  const restore = stored?.restore ?? null;
  const isGone = (name: string) => storedOf("trigger", { schema: null, name }, context)?.gone === true;
  const behind = (stored?.precedes ?? []).filter((name) => !isGone(name));
  const [next] = behind;
  if (restore === null || next === undefined) return restore;
  const again = restore.map((sql) => (/^CREATE\b/i.test(sql) ? inPlace(sql, next, context) : sql));
  return [noteNeighbours(behind), ...again];
}
