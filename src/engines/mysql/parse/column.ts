import type { ColumnDefinition } from "../../../model/operation.js";
import { becomeSerial, type ColumnDraft, readColumnAttribute } from "./column-attribute.js";
import type { Cursor } from "./cursor.js";
import { type DataType, readDataType } from "./data-type.js";
import { readColumnName } from "./names.js";
import { textFrom } from "./token-text.js";

/**
 * Reads `name type attributes...`. `type` is as written without CHARACTER SET and COLLATE, which have fields of their
 * own; `notNull` is also true for an inline primary key and for SERIAL. @throws Unreadable
 */
export function readColumn(cursor: Cursor): ColumnDefinition {
  const start = cursor.index;
  const name = readColumnName(cursor);
  const draft = newDraft(name, readDataType(cursor));
  for (let first = true; readColumnAttribute(cursor, draft, first); first = false);
  draft.checks = Object.freeze(draft.checks);
  if (draft.attributes !== undefined) draft.attributes = Object.freeze(draft.attributes);
  draft.text = textFrom(cursor, start);
  return Object.freeze(draft);
}

function newDraft(name: string, type: DataType): ColumnDraft {
  const draft: ColumnDraft = {
    name,
    type: type.text,
    notNull: false,
    default: null,
    collation: type.collation,
    characterSet: type.characterSet,
    generated: null,
    identity: null,
    autoIncrement: false,
    primaryKey: false,
    unique: false,
    checks: [],
    references: null,
    comment: null,
    onUpdate: null,
    text: "",
  };
  if (type.serial) becomeSerial(draft);
  return draft;
}
