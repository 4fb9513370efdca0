import type { CreateFunctionStmt } from "libpg-query";
import { bodies, body, strings } from "../../ast.js";
import { isSet, optionValue } from "../../def-elem.js";

/** What stands between quotes counts as it is written; comments and spaces do not. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\s+/g;

const isQuoted = (part: string): boolean => /^['"$]/.test(part);

/** SQL without comments, and with one space where there are several. */
const plainSql = (text: string): string => text.replace(PARTS, (part) => (isQuoted(part) ? part : " ")).trim();

/**
 * All that a routine's result depends on, in one text: its language and body, whether it is called for NULL, its settings.
 *
 * @param atomic the text of a body from BEGIN ATOMIC to END; null where it stands in quotes
 */
export function routineText({ options, sql_body: returned }: CreateFunctionStmt, atomic: string | null): string {
  const all = bodies(options, "DefElem");
  const named = all.find(({ defname }) => defname === "language");
  const language = (named === undefined ? null : optionValue(named))?.toLowerCase() ?? "sql";
  const as = all.find(({ defname }) => defname === "as")?.arg;
  const quoted = body(as, "String")?.sval ?? strings(body(as, "List")?.items).join(" ");
  const text = returned === undefined ? quoted : (atomic ?? JSON.stringify(returned));
  const settings = all.flatMap(({ defname, arg }) =>
    defname === "set" ? [body(arg, "VariableSetStmt")?.name ?? ""] : [],
  );
  const others = settings.filter((name) => name.toLowerCase() !== "search_path").sort();
  const isSql = language === "sql" || language === "plpgsql";
  return [language, isSet(all, "strict") ? "strict" : "", others.join(), isSql ? plainSql(text) : text].join("\n");
}
