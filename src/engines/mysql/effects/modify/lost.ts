import type { Column } from "../../../../model/catalog.js";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { isJsonCheck } from "./type.js";

/**
 * What a column has and its new definition does not repeat, as one would write it: MODIFY and CHANGE take away what is
 * not said again.
 *
 * @param inKey it is in the primary key, which keeps it NOT NULL
 */
export function lostBy(old: Column, definition: ColumnDefinition, inKey: boolean): string[] {
  const noted = (name: string) => (definition.attributes ?? []).some((a) => a.name === name);
  const lost: string[] = [];
  const when = (had: boolean, what: string) => (had ? lost.push(what) : undefined);
  when(old.notNull && !definition.notNull && !inKey && !noted("NULL"), "NOT NULL");
  when(hasDefault(old) && definition.default === null && !definition.autoIncrement, `DEFAULT ${old.default ?? ""}`);
  when(old.autoIncrement && !definition.autoIncrement, "AUTO_INCREMENT");
  when(old.comment !== null && definition.comment === null, `COMMENT '${(old.comment ?? "").replaceAll("'", "''")}'`);
  when(old.onUpdate !== null && definition.onUpdate === null, `ON UPDATE ${old.onUpdate ?? ""}`);
  when(isCompressed(old) && !noted("COMPRESSED"), "COMPRESSED");
  // JSON has letters of its own, and MariaDB's its CHECK.
  const json = /^\s*json\b/i.test(definition.type);
  const unsaid = (definition.characterSet ?? definition.collation) === null && !json;
  when(old.characterSet !== null && unsaid, `CHARACTER SET ${old.characterSet ?? ""}`);
  when(old.collation !== null && unsaid, `COLLATE ${old.collation ?? ""}`);
  return [...lost, ...old.settings.filter((s) => !repeated(s, definition) && !(json && isJsonCheck(s)))];
}

/** MariaDB prints it as a comment behind the type. */
const isCompressed = ({ type }: Column): boolean => /\bCOMPRESSED\b/.test(type);

/** A generated column has no default, and what is printed for one is none. */
function hasDefault(old: Column): boolean {
  return old.default !== null && !/^null$/i.test(old.default) && old.generated === null;
}

/** `INVISIBLE`, `SRID 4326`, `CHECK (...)`. */
function repeated(setting: string, definition: ColumnDefinition): boolean {
  const [name = ""] = setting.split(/[\s(]/);
  if (name === "CHECK") return definition.checks.length > 0;
  return (definition.attributes ?? []).some((a) => a.name === name || (name === "INVISIBLE" && a.name === "VISIBLE"));
}
