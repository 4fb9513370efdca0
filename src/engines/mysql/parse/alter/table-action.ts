import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, fail } from "../cursor.js";
import { readCharacterSet, readCharsetName, seesCharacterSet } from "../data-type.js";
import { readIdentifier } from "../names.js";
import { readTableOption } from "../table-option.js";
import { otherAction } from "./action.js";

/** Actions of two words, or of one. */
const PHRASES: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["ENABLE", "KEYS"], what: "enable-keys" },
  { words: ["DISABLE", "KEYS"], what: "disable-keys" },
  { words: ["SECONDARY_LOAD"], what: "secondary-load" },
  { words: ["SECONDARY_UNLOAD"], what: "secondary-unload" },
  { words: ["FORCE"], what: "rebuild-table" },
  { words: ["WITH", "VALIDATION"], what: "validation" },
  { words: ["WITHOUT", "VALIDATION"], what: "validation" },
];

/** What is about the table as a whole. Null when something else stands there. @throws Unreadable */
export function readTableAction(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  const what = readConvert(cursor) ?? readOrderBy(cursor) ?? readPhrase(cursor);
  return what === null ? readOptions(cursor, relation) : otherAction(cursor, relation, start, what);
}

/** Options may follow each other without a comma. */
function readOptions(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const operations: Operation[] = [];
  for (let start = cursor.index; ; start = cursor.index) {
    const option = readTableOption(cursor);
    if (option === null) return operations.length > 0 ? operations : null;
    operations.push(...otherAction(cursor, relation, start, OPTION_NAMES[option] ?? option));
  }
}

/** Table options whose name says too little for a finding. */
const OPTION_NAMES: Readonly<Record<string, string>> = Object.freeze({
  charset: "default-charset",
  comment: "table-comment",
});

function readPhrase(cursor: Cursor): string | null {
  return PHRASES.find(({ words }) => accept(cursor, ...words))?.what ?? null;
}

/** `CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, also `DEFAULT` as the character set. */
function readConvert(cursor: Cursor): string | null {
  if (!accept(cursor, "CONVERT", "TO")) return null;
  if (!seesCharacterSet(cursor)) fail(cursor, "CHARACTER SET");
  readCharacterSet(cursor);
  if (accept(cursor, "COLLATE")) {
    accept(cursor, "=");
    readCharsetName(cursor);
  }
  return "convert-charset";
}

function readOrderBy(cursor: Cursor): string | null {
  if (!accept(cursor, "ORDER", "BY")) return null;
  do {
    readIdentifier(cursor, "the name of a column");
    while (accept(cursor, ".")) readIdentifier(cursor, "the name of a column");
    acceptOneOf(cursor, ["ASC", "DESC"]);
  } while (accept(cursor, ","));
  return "order-by";
}
