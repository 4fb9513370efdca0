import type { RelationName } from "../../../../model/name.js";
import type { ColumnDefinition, Operation } from "../../../../model/operation.js";
import { readColumn } from "../column.js";
import { readEnforcement } from "../column-attribute.js";
import { accept, acceptOneOf, type Cursor, expect, fail, spanFrom } from "../cursor.js";
import { readDefault } from "../literal.js";
import { readColumnName, readIdentifier, readMariadbIf, readRelation } from "../names.js";
import { type Action, otherAction } from "./action.js";
import { readPosition } from "./add.js";

/** `MODIFY`, `CHANGE`, `RENAME` and `ALTER`. Null when something else stands there. @throws Unreadable */
export function readChange(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  if (accept(cursor, "RENAME", "COLUMN")) return readRenameColumn(cursor, relation, start);
  const action = readRedefinition(cursor) ?? readRename(cursor) ?? readAlter(cursor);
  return action === null ? null : otherAction(cursor, relation, start, action);
}

function readRenameColumn(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  // What then is not there is not renamed: no strategy can count on it, and it is seldom meant.
  const ifExists = readMariadbIf(cursor, false);
  const from = readIdentifier(cursor, "the name of a column");
  expect(cursor, "TO");
  const to = readIdentifier(cursor, "the new name of the column");
  const what = "rename-column-if-exists";
  if (ifExists) return otherAction(cursor, relation, start, { what, detail: { kind: what, from, to } });
  return [Object.freeze({ kind: "rename-column", span: spanFrom(cursor, start), relation, from, to })];
}

/** Whether CHANGE only renames cannot be told without the column that is there. */
function readRedefinition(cursor: Cursor): Action | null {
  const verb = acceptOneOf(cursor, ["MODIFY", "CHANGE"]);
  if (verb === null) return null;
  accept(cursor, "COLUMN");
  const ifExists = readMariadbIf(cursor, false);
  const old = verb === "CHANGE" ? readColumnName(cursor) : null;
  const definition: ColumnDefinition = readColumn(cursor);
  const position = readPosition(cursor);
  const column = old ?? definition.name;
  return {
    what: verb === "CHANGE" ? "change-column" : "alter-column-type",
    detail: { kind: "modify-column", column, definition, position, ifExists },
  };
}

function readRename(cursor: Cursor): Action | null {
  if (!accept(cursor, "RENAME")) return null;
  if (acceptOneOf(cursor, ["INDEX", "KEY"]) !== null) {
    const ifExists = readMariadbIf(cursor, false);
    const from = readIdentifier(cursor, "the name of an index");
    expect(cursor, "TO");
    const to = readIdentifier(cursor, "the new name of the index");
    return { what: "rename-index", detail: { kind: "rename-index", from, to, ifExists } };
  }
  acceptOneOf(cursor, ["TO", "AS", "="]);
  const to = readRelation(cursor, "the new name of the table");
  return { what: "rename-table", detail: { kind: "rename-table", to, ifExists: false } };
}

function readAlter(cursor: Cursor): Action | null {
  if (!accept(cursor, "ALTER")) return null;
  if (acceptOneOf(cursor, ["INDEX", "KEY"]) !== null) return readIndexVisibility(cursor);
  const constraint = acceptOneOf(cursor, cursor.dialect === "mysql" ? ["CHECK", "CONSTRAINT"] : []);
  if (constraint !== null) return readConstraintChange(cursor);
  accept(cursor, "COLUMN");
  const ifExists = readMariadbIf(cursor, false);
  return readColumnSetting(cursor, readIdentifier(cursor, "the name of a column"), ifExists);
}

function readConstraintChange(cursor: Cursor): Action {
  const name = readIdentifier(cursor, "the name of a constraint");
  const enforced = readEnforcement(cursor) ?? fail(cursor, "ENFORCED or NOT ENFORCED");
  return { what: "alter-constraint", detail: { kind: "alter-constraint", name, enforced, actions: "" } };
}

function readIndexVisibility(cursor: Cursor): Action {
  const ifExists = readMariadbIf(cursor, false);
  const index = readIdentifier(cursor, "the name of an index");
  return {
    what: "alter-index",
    detail: { kind: "set-index-visibility", index, visible: readVisibility(cursor), ifExists },
  };
}

/** MySQL hides an index, MariaDB ignores it. */
function readVisibility(cursor: Cursor): boolean {
  if (cursor.dialect === "mariadb") {
    const visible = accept(cursor, "NOT");
    expect(cursor, "IGNORED");
    return visible;
  }
  return (acceptOneOf(cursor, ["VISIBLE", "INVISIBLE"]) ?? fail(cursor, "VISIBLE or INVISIBLE")) === "VISIBLE";
}

function readColumnSetting(cursor: Cursor, column: string, ifExists: boolean): Action {
  if (accept(cursor, "DROP", "DEFAULT")) {
    return { what: "drop-default", detail: { kind: "drop-default", column, ifExists } };
  }
  if (accept(cursor, "SET", "DEFAULT")) {
    const detail = { kind: "set-default", column, default: readDefault(cursor), ifExists } as const;
    return { what: "set-default", detail };
  }
  const seen =
    cursor.dialect === "mysql" && accept(cursor, "SET") ? acceptOneOf(cursor, ["VISIBLE", "INVISIBLE"]) : null;
  if (seen === null) fail(cursor, "SET DEFAULT, DROP DEFAULT or the column's visibility");
  return {
    what: "set-column-visibility",
    detail: { kind: "set-column-visibility", column, visible: seen === "VISIBLE" },
  };
}
