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
  while (readColumnAttribute(cursor, draft));
  const { attributes, attributed: _, ...said } = draft;
  const rest = { checks: Object.freeze(draft.checks), text: textFrom(cursor, start) };
  const written = attributes.length > 0 ? { attributes: Object.freeze(attributes) } : {};
  return Object.freeze({ ...said, ...rest, ...written });
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
    attributes: [],
    attributed: false,
    text: "",
  };
  if (type.serial) becomeSerial(draft);
  return draft;
}
