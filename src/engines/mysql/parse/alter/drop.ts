import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, looksAt, spanFrom } from "../cursor.js";
import { readColumnName, readIdentifier, readMariadbIf } from "../names.js";
import { otherAction } from "./action.js";
import { readPartitionNames } from "./partition.js";

/** What has a name behind its words. */
const NAMED: readonly { readonly words: readonly string[]; readonly what: string }[] = [
  { words: ["INDEX"], what: "drop-index" },
  { words: ["KEY"], what: "drop-index" },
  { words: ["FOREIGN", "KEY"], what: "drop-foreign-key" },
  { words: ["CHECK"], what: "drop-check" },
  { words: ["CONSTRAINT"], what: "drop-constraint" },
];

/** `DROP ...`: columns, indexes, constraints, partitions. Null when something else stands there. @throws Unreadable */
export function readDrop(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  if (!accept(cursor, "DROP")) return null;
  const what = readDropNamed(cursor) ?? readDropPhrase(cursor);
  return what === null ? readDropColumn(cursor, relation, start) : otherAction(cursor, relation, start, what);
}

function readDropNamed(cursor: Cursor): string | null {
  const found = NAMED.find(({ words }) => accept(cursor, ...words));
  if (found === undefined) return null;
  readMariadbIf(cursor, false);
  // MariaDB also takes DROP INDEX `PRIMARY`, in backticks.
  readIdentifier(cursor, "a name");
  return found.what;
}

function readDropPhrase(cursor: Cursor): string | null {
  if (accept(cursor, "PRIMARY", "KEY")) return "drop-primary-key";
  if (accept(cursor, "PARTITION")) {
    readMariadbIf(cursor, false);
    readPartitionNames(cursor);
    return "drop-partition";
  }
  if (cursor.dialect !== "mariadb") return null;
  if (accept(cursor, "SYSTEM", "VERSIONING")) return "drop-system-versioning";
  if (!looksAt(cursor, "PERIOD") || !looksAt(cursor, "FOR", 1)) return null;
  cursor.index += 2;
  readMariadbIf(cursor, false);
  readIdentifier(cursor, "the name of a period");
  return "drop-period";
}

/** Both servers read RESTRICT and CASCADE, and do nothing with them. */
function readDropColumn(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  const said = accept(cursor, "COLUMN");
  const ifExists = readMariadbIf(cursor, false);
  const column = readColumnName(cursor, said ? "the name of a column" : "what to drop");
  const cascade = acceptOneOf(cursor, ["RESTRICT", "CASCADE"]) === "CASCADE";
  return [Object.freeze({ kind: "drop-column", span: spanFrom(cursor, start), relation, column, ifExists, cascade })];
}
