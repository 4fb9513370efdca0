import type { ColumnDefinition, ForeignKeyTarget } from "../../../model/operation.js";
import { readBracketed } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek } from "./cursor.js";
import { readCharsetName } from "./data-type.js";
import { readDefault, readOnUpdate } from "./literal.js";
import { readIdentifier, seesIdentifier } from "./names.js";
import { readOptionValue } from "./option-value.js";
import { readReference } from "./reference.js";

/** A column definition while its attributes are being read. */
export type ColumnDraft = { -readonly [K in keyof ColumnDefinition]: ColumnDefinition[K] };

type Reader = (cursor: Cursor, draft: ColumnDraft) => boolean;

// The more words a reader needs, the earlier it stands.
const READERS: readonly Reader[] = [
  readNullability,
  readDefaultValue,
  readOnUpdateClause,
  readKey,
  readGenerated,
  readCheckOrReference,
  readPlain,
  readStorage,
  readMariadbAttribute,
];

/** Reads one attribute into the draft, in any order; false when something else stands there. @throws Unreadable */
export function readColumnAttribute(cursor: Cursor, draft: ColumnDraft): boolean {
  return READERS.some((read) => read(cursor, draft));
}

function readNullability(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "NOT", "NULL")) draft.notNull = true;
  else if (!accept(cursor, "NULL")) return cursor.dialect === "mysql" && accept(cursor, "NOT", "SECONDARY");
  return true;
}

function readDefaultValue(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "SERIAL", "DEFAULT", "VALUE")) {
    becomeSerial(draft);
    return true;
  }
  if (!accept(cursor, "DEFAULT")) return false;
  draft.default = readDefault(cursor);
  return true;
}

/** SERIAL and SERIAL DEFAULT VALUE stand for NOT NULL AUTO_INCREMENT UNIQUE. */
export function becomeSerial(draft: ColumnDraft): void {
  draft.notNull = true;
  draft.autoIncrement = true;
  draft.unique = true;
}

function readOnUpdateClause(cursor: Cursor, draft: ColumnDraft): boolean {
  if (!accept(cursor, "ON", "UPDATE")) return false;
  draft.onUpdate = readOnUpdate(cursor);
  return true;
}

/** KEY alone means the primary key here. */
function readKey(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "UNIQUE")) {
    accept(cursor, "KEY");
    draft.unique = true;
    return true;
  }
  if (!accept(cursor, "PRIMARY", "KEY") && !accept(cursor, "KEY")) return false;
  draft.primaryKey = true;
  draft.notNull = true;
  return true;
}

function readGenerated(cursor: Cursor, draft: ColumnDraft): boolean {
  const always = accept(cursor, "GENERATED", "ALWAYS");
  if (!accept(cursor, "AS")) return always ? fail(cursor, "AS") : false;
  if (always && cursor.dialect === "mariadb" && accept(cursor, "ROW")) {
    const edge = acceptOneOf(cursor, ["START", "END"]) ?? fail(cursor, "START or END");
    draft.generated = Object.freeze({ kind: "stored", expression: `ROW ${edge}` });
    return true;
  }
  const expression = readBracketed(cursor, "an expression");
  const stored = acceptOneOf(cursor, ["VIRTUAL", "STORED", ...(cursor.dialect === "mariadb" ? ["PERSISTENT"] : [])]);
  draft.generated = Object.freeze({ kind: stored === null || stored === "VIRTUAL" ? "virtual" : "stored", expression });
  return true;
}

function readCheckOrReference(cursor: Cursor, draft: ColumnDraft): boolean {
  const constrained = accept(cursor, "CONSTRAINT");
  const named = constrained && !looksAt(cursor, "CHECK") && seesIdentifier(cursor);
  const name = named ? readIdentifier(cursor, "the name of a constraint") : null;
  if (accept(cursor, "CHECK")) {
    draft.checks = [...draft.checks, Object.freeze({ name, expression: readBracketed(cursor, "a condition") })];
    readEnforcement(cursor);
    return true;
  }
  if (looksAt(cursor, "REFERENCES")) draft.references = onlyOne(cursor, draft, readReference(cursor, name));
  else return constrained ? fail(cursor, "CHECK") : false;
  return true;
}

function onlyOne(cursor: Cursor, draft: ColumnDraft, target: ForeignKeyTarget): ForeignKeyTarget {
  return draft.references === null ? target : fail(cursor, "one REFERENCES in a column");
}

/** `ENFORCED` or `NOT ENFORCED`, which MariaDB does not know. */
export function readEnforcement(cursor: Cursor): void {
  if (cursor.dialect === "mysql" && !accept(cursor, "NOT", "ENFORCED")) accept(cursor, "ENFORCED");
}

function readPlain(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "AUTO_INCREMENT")) draft.autoIncrement = true;
  else if (accept(cursor, "COLLATE")) draft.collation = readCharsetName(cursor);
  else if (accept(cursor, "COMMENT")) {
    if (peek(cursor).kind !== "string") fail(cursor, "a string");
    draft.comment = next(cursor).value;
  } else return accept(cursor, "INVISIBLE") || (cursor.dialect === "mysql" && accept(cursor, "VISIBLE"));
  return true;
}

/** What only MySQL has; MariaDB would take some of it for an engine's own attribute. */
function readStorage(cursor: Cursor): boolean {
  if (cursor.dialect === "mariadb") return false;
  if (acceptOneOf(cursor, ["COLUMN_FORMAT", "STORAGE"]) !== null) next(cursor);
  else if (acceptOneOf(cursor, ["ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"]) !== null) {
    accept(cursor, "=");
    readOptionValue(cursor);
  } else if (accept(cursor, "SRID")) readOptionValue(cursor);
  else return false;
  return true;
}

function readMariadbAttribute(cursor: Cursor): boolean {
  if (cursor.dialect !== "mariadb") return false;
  if (accept(cursor, "WITH", "SYSTEM") || accept(cursor, "WITHOUT", "SYSTEM")) expect(cursor, "VERSIONING");
  else if (accept(cursor, "COMPRESSED")) {
    if (accept(cursor, "=")) readOptionValue(cursor);
  } else if (seesIdentifierAssignment(cursor)) {
    // An engine's own attribute, or REF_SYSTEM_ID.
    cursor.index += 2;
    readOptionValue(cursor);
  } else return false;
  return true;
}

function seesIdentifierAssignment(cursor: Cursor): boolean {
  const { kind } = peek(cursor);
  return (kind === "word" || kind === "quoted") && looksAt(cursor, "=", 1);
}
