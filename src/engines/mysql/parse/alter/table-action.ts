import type { SetTableOption, TableDetail } from "../../../../model/detail/table.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readCharacterSet, readCharsetName, seesCharacterSet } from "../data-type.js";
import { readIdentifier } from "../names.js";
import { readTableOption } from "../table-option.js";
import { type Action, otherAction } from "./action.js";
import { readPartitionNames } from "./partition.js";

/** Actions of two words, or of one. */
const PHRASES: readonly { readonly words: readonly string[]; readonly what: string; readonly detail: TableDetail }[] = [
  { words: ["ENABLE", "KEYS"], what: "enable-keys", detail: keys(true) },
  { words: ["DISABLE", "KEYS"], what: "disable-keys", detail: keys(false) },
  { words: ["FORCE"], what: "rebuild-table", detail: { kind: "rebuild-table" } },
];

function keys(enabled: boolean): TableDetail {
  return { kind: "switch", what: "keys", enabled, name: null };
}

/** What is about the table as a whole. Null when something else stands there. @throws Unreadable */
export function readTableAction(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  const action =
    readConvert(cursor) ?? readOrderBy(cursor) ?? readPhrase(cursor) ?? readValidation(cursor) ?? readSecondary(cursor);
  return action === null ? readOptions(cursor, relation) : otherAction(cursor, relation, start, action);
}

/** Options may follow each other without a comma. */
function readOptions(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const operations: Operation[] = [];
  for (let start = cursor.index; ; start = cursor.index) {
    const option = readTableOption(cursor);
    if (option === null) return operations.length > 0 ? operations : null;
    const detail: SetTableOption = { kind: "set-table-option", ...option };
    operations.push(
      ...otherAction(cursor, relation, start, { what: OPTIONS[option.option] ?? "table-option", detail }),
    );
  }
}

/** Table options that have a name of their own. */
const OPTIONS: Readonly<Record<string, string>> = Object.freeze({
  "CHARACTER SET": "default-charset",
  COLLATE: "default-charset",
  COMMENT: "table-comment",
  ENGINE: "engine",
  ROW_FORMAT: "row-format",
  KEY_BLOCK_SIZE: "row-format",
  AUTO_INCREMENT: "auto-increment",
});

function readPhrase(cursor: Cursor): Action | null {
  return PHRASES.find(({ words }) => accept(cursor, ...words)) ?? null;
}

/** MySQL's `WITH VALIDATION`, which is about the generated columns that are added beside it. */
function readValidation(cursor: Cursor): Action | null {
  if (cursor.dialect === "mariadb" || !looksAt(cursor, "VALIDATION", 1)) return null;
  const word = acceptOneOf(cursor, ["WITH", "WITHOUT"]);
  if (word === null) return null;
  expect(cursor, "VALIDATION");
  cursor.execution.validation = word === "WITH";
  return { what: "validation", detail: { kind: "no-change" } };
}

function readSecondary(cursor: Cursor): Action | null {
  if (cursor.dialect === "mariadb") return null;
  const word = acceptOneOf(cursor, ["SECONDARY_LOAD", "SECONDARY_UNLOAD"]);
  if (word === null) return null;
  const partitions = accept(cursor, "PARTITION") ? readPartitionNames(cursor) : null;
  const action = word === "SECONDARY_LOAD" ? "load" : "unload";
  return { what: `secondary-${action}`, detail: { kind: "secondary-engine", action, partitions } };
}

/** `CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, also `DEFAULT` as the character set. */
function readConvert(cursor: Cursor): Action | null {
  if (!accept(cursor, "CONVERT", "TO")) return null;
  if (!seesCharacterSet(cursor)) fail(cursor, "CHARACTER SET");
  const written = readCharacterSet(cursor);
  const collation = accept(cursor, "COLLATE") ? readCharsetName(cursor) : null;
  const characterSet = /^default$/i.test(written) ? null : written;
  return { what: "convert-charset", detail: { kind: "convert-charset", characterSet, collation } };
}

function readOrderBy(cursor: Cursor): Action | null {
  if (!accept(cursor, "ORDER", "BY")) return null;
  const columns: string[] = [];
  do {
    let column = readIdentifier(cursor, "the name of a column");
    while (accept(cursor, ".")) column = readIdentifier(cursor, "the name of a column");
    columns.push(column);
    acceptOneOf(cursor, ["ASC", "DESC"]);
  } while (accept(cursor, ","));
  return { what: "order-by", detail: { kind: "order-rows", columns: Object.freeze(columns) } };
}
