import { findTable } from "../src/engines/engine.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "written">;

const NAME = String.raw`(?:"[^"]+"|\x60[^\x60]+\x60|[\p{L}_][\p{L}\p{N}_$]*)`;
/** A query of one table, and no other one beside it, in it or behind it. */
const OF_ONE = new RegExp(
  String.raw`\bas\s*\(?\s*select\s+(?:distinct\s+|all\s+)?([^()]*?)\s+from\s+(?:only\s+)?(?:${NAME}\.)?${NAME}(?:\s+(?:as\s+)?${NAME})?\s*(?:$|[;)]|\b(?:where|group|having|order|limit|with)\b)`,
  "iu",
);
const ITEM = new RegExp(String.raw`^(?:${NAME}\.)?(${NAME})(?:\s+(?:as\s+)?${NAME})?$`, "iu");
const BARE_ITEM = new RegExp(String.raw`^(${NAME})(?:\s+(?:as\s+)?${NAME})?$`, "iu");

/** Values that are written as a word, and what a table has without saying so. */
const WORDS =
  /^(?:null|true|false|default|user|current_\w+|session_user|system_user|localtime(?:stamp)?|utc_\w+|sysdate|tableoid|[cx]min|[cx]max|ctid|_rowid|row_start|row_end|rownum)$/i;

/** The columns that a query selects by their names and nothing else. */
function selected(text: string, own: boolean): readonly string[] {
  const query = OF_ONE.exec(text.replace(/'(?:[^'\\]|''|\\.)*'|--\s.*|\/\*[\s\S]*?\*\//g, " 1 "))?.[1];
  // On PostgreSQL `t.f` may call the function f of a row.
  const items = (query ?? "").split(",").map((item) => (own ? BARE_ITEM : ITEM).exec(item.trim())?.[1] ?? "");
  return items.flatMap((name) => {
    if (name === "" || WORDS.test(name)) return [];
    if (/^["`]/.test(name)) return [name.slice(1, -1)];
    return [own ? name.toLowerCase() : name];
  });
}

/** A view of a column that its only table does not have; null where it has it for certain, or may have it. */
export function refusedView({ operation, catalog, engine, written }: Asked): Missing | null {
  const made = detailOf(operation, "create-object");
  if (made === null || made.ifNotExists || !/view$/.test(made.object) || made.reads.length !== 1) return null;
  const table = made.reads[0] === undefined ? null : findTable(catalog, made.reads[0]);
  if (table === null || table.columns.length === 0) return null;
  const own = engine.name === "postgres";
  const plain = (name: string) => (own ? name : name.toLowerCase());
  const known = new Set([...table.columns.map(({ name }) => plain(name)), plain(table.relation.name)]);
  const gone = selected(written.text, own).find((name) => !known.has(plain(name)));
  if (gone === undefined || isAlias(written.text, gone)) return null;
  return {
    what: `${engine.quoteRelation(table.relation)} has no column ${engine.quote(gone)} (${own ? "42703" : "1054"})`,
    help: "Correct the name; or add, in front of it, what is missing.",
  };
}

/** `SELECT u FROM users u`: a whole row. */
const isAlias = (text: string, name: string): boolean =>
  new RegExp(
    String.raw`\bfrom\s[^;]*?\s["\x60]?${name.replace(/\W/g, "\\$&")}["\x60]?\s*(?:$|[;)]|\b(?:where|group|having|order|limit|with)\b)`,
    "i",
  ).test(text);
