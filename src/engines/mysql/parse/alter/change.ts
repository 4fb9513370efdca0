import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { readColumn } from "../column.js";
import { readEnforcement } from "../column-attribute.js";
import { accept, acceptOneOf, type Cursor, expect, fail, spanFrom } from "../cursor.js";
import { readDefault } from "../literal.js";
import { readColumnName, readIdentifier, readMariadbIf, readRelation } from "../names.js";
import { otherAction } from "./action.js";
import { readPosition } from "./add.js";

/** `MODIFY`, `CHANGE`, `RENAME` and `ALTER`. Null when something else stands there. @throws Unreadable */
export function readChange(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  if (accept(cursor, "RENAME", "COLUMN")) return readRenameColumn(cursor, relation, start);
  const what = readRedefinition(cursor) ?? readRename(cursor) ?? readAlter(cursor);
  return what === null ? null : otherAction(cursor, relation, start, what);
}

function readRenameColumn(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  // What then is not there is not renamed: the model has no such form, and it is seldom meant.
  const ifExists = readMariadbIf(cursor, false);
  const from = readIdentifier(cursor, "the name of a column");
  expect(cursor, "TO");
  const to = readIdentifier(cursor, "the new name of the column");
  if (ifExists) return otherAction(cursor, relation, start, "rename-column-if-exists");
  return [Object.freeze({ kind: "rename-column", span: spanFrom(cursor, start), relation, from, to })];
}

/** Whether CHANGE only renames cannot be told without the column that is there. */
function readRedefinition(cursor: Cursor): string | null {
  const verb = acceptOneOf(cursor, ["MODIFY", "CHANGE"]);
  if (verb === null) return null;
  accept(cursor, "COLUMN");
  readMariadbIf(cursor, false);
  if (verb === "CHANGE") readColumnName(cursor);
  readColumn(cursor);
  readPosition(cursor);
  return verb === "CHANGE" ? "change-column" : "alter-column-type";
}

function readRename(cursor: Cursor): string | null {
  if (!accept(cursor, "RENAME")) return null;
  if (acceptOneOf(cursor, ["INDEX", "KEY"]) !== null) {
    readMariadbIf(cursor, false);
    readIdentifier(cursor, "the name of an index");
    expect(cursor, "TO");
    readIdentifier(cursor, "the new name of the index");
    return "rename-index";
  }
  acceptOneOf(cursor, ["TO", "AS", "="]);
  readRelation(cursor, "the new name of the table");
  return "rename-table";
}

function readAlter(cursor: Cursor): string | null {
  if (!accept(cursor, "ALTER")) return null;
  if (acceptOneOf(cursor, ["INDEX", "KEY"]) !== null) return readIndexVisibility(cursor);
  if (acceptOneOf(cursor, ["CHECK", "CONSTRAINT"]) !== null) {
    readIdentifier(cursor, "the name of a constraint");
    const before = cursor.index;
    readEnforcement(cursor);
    return cursor.index > before ? "alter-constraint" : fail(cursor, "ENFORCED or NOT ENFORCED");
  }
  accept(cursor, "COLUMN");
  readMariadbIf(cursor, false);
  readIdentifier(cursor, "the name of a column");
  return readColumnSetting(cursor);
}

function readIndexVisibility(cursor: Cursor): string {
  readMariadbIf(cursor, false);
  readIdentifier(cursor, "the name of an index");
  const flags = cursor.dialect === "mysql" ? ["VISIBLE", "INVISIBLE"] : ["IGNORED"];
  if (cursor.dialect === "mariadb") accept(cursor, "NOT");
  if (acceptOneOf(cursor, flags) === null) fail(cursor, flags.join(" or "));
  return "alter-index";
}

function readColumnSetting(cursor: Cursor): string {
  if (accept(cursor, "DROP", "DEFAULT")) return "drop-default";
  if (accept(cursor, "SET", "DEFAULT")) {
    readDefault(cursor);
    return "set-default";
  }
  const visible = accept(cursor, "SET") && acceptOneOf(cursor, ["VISIBLE", "INVISIBLE"]) !== null;
  return visible ? "set-column-visibility" : fail(cursor, "SET DEFAULT, DROP DEFAULT or the column's visibility");
}
