import type { ColumnAttribute, ColumnDefinition } from "../../../model/operation.js";
import { readBracketedExpression } from "./brackets.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt, next, peek, sees } from "./cursor.js";
import { readCharsetName } from "./data-type.js";
import { readNumber } from "./expression/literal.js";
import { readDefault, readOnUpdate } from "./literal.js";
import { readIdentifier, seesIdentifier } from "./names.js";
import { readOptionValue } from "./option-value.js";
import { readReference } from "./reference.js";
import { isTableOption } from "./table-option.js";

/** A column definition while its attributes are being read. */
export type ColumnDraft = { -readonly [K in keyof ColumnDefinition]: ColumnDefinition[K] };

/** `first` says that no attribute stands before. */
type Reader = (cursor: Cursor, draft: ColumnDraft, first: boolean) => boolean;

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

/** Behind a reference there is nothing more; on MariaDB behind a check a reference alone. */
function readersFor({ dialect }: Cursor, draft: ColumnDraft): readonly Reader[] {
  if (draft.references !== null) return [];
  if (dialect === "mysql") return READERS;
  if (draft.checks.length > 0) return [readCheckOrReference];
  return draft.generated === null ? READERS : GENERATED;
}

/** What may follow the expression of a generated column on MariaDB. */
const GENERATED: readonly Reader[] = [readKey, readPlain, readMariadbAttribute];

/** Reads one attribute into the draft, in any order; false when something else stands there. @throws Unreadable */
export function readColumnAttribute(cursor: Cursor, draft: ColumnDraft, first: boolean): boolean {
  return readersFor(cursor, draft).some((read) => read(cursor, draft, first));
}

function readNullability(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "NOT", "NULL")) draft.notNull = true;
  else if (accept(cursor, "NULL")) note(draft, "NULL");
  else if (cursor.dialect === "mysql" && accept(cursor, "NOT", "SECONDARY")) note(draft, "NOT SECONDARY");
  else return false;
  return true;
}

function note(draft: ColumnDraft, name: string, value: string | null = null): void {
  const attribute: ColumnAttribute = Object.freeze({ name, value });
  draft.attributes = [...(draft.attributes ?? []), attribute];
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

function readGenerated(cursor: Cursor, draft: ColumnDraft, first: boolean): boolean {
  const always = accept(cursor, "GENERATED", "ALWAYS");
  if (!accept(cursor, "AS")) return always ? fail(cursor, "AS") : false;
  if (!first) fail(cursor, "no attribute before the expression of a generated column");
  if (always && cursor.dialect === "mariadb" && accept(cursor, "ROW")) {
    const edge = acceptOneOf(cursor, ["START", "END"]) ?? fail(cursor, "START or END");
    draft.generated = Object.freeze({ kind: "stored", expression: `ROW ${edge}` });
    return true;
  }
  const expression = readBracketedExpression(cursor, "an expression");
  const stored = acceptOneOf(cursor, ["VIRTUAL", "STORED", ...(cursor.dialect === "mariadb" ? ["PERSISTENT"] : [])]);
  draft.generated = Object.freeze({ kind: stored === null || stored === "VIRTUAL" ? "virtual" : "stored", expression });
  return true;
}

function readCheckOrReference(cursor: Cursor, draft: ColumnDraft): boolean {
  const constrained = accept(cursor, "CONSTRAINT");
  const named = constrained && !looksAt(cursor, "CHECK") && seesIdentifier(cursor);
  const name = named ? readIdentifier(cursor, "the name of a constraint") : null;
  if (accept(cursor, "CHECK")) {
    if (cursor.dialect === "mariadb" && draft.checks.length > 0) fail(cursor, "one CHECK in a column");
    const check = { name, expression: readBracketedExpression(cursor, "a condition") };
    const enforced = readEnforcement(cursor) ?? true;
    draft.checks = [...draft.checks, Object.freeze(enforced ? check : { ...check, enforced })];
    return true;
  }
  if (looksAt(cursor, "REFERENCES")) draft.references = readReference(cursor, name);
  else return constrained ? fail(cursor, "CHECK") : false;
  return true;
}

/** `ENFORCED` or `NOT ENFORCED`, which MariaDB does not know. Null when neither stands there. */
export function readEnforcement(cursor: Cursor): boolean | null {
  if (cursor.dialect === "mariadb") return null;
  if (accept(cursor, "NOT", "ENFORCED")) return false;
  return accept(cursor, "ENFORCED") ? true : null;
}

function readPlain(cursor: Cursor, draft: ColumnDraft): boolean {
  if (accept(cursor, "AUTO_INCREMENT")) draft.autoIncrement = true;
  else if (accept(cursor, "COLLATE")) draft.collation = readCharsetName(cursor);
  else if (accept(cursor, "COMMENT")) {
    if (peek(cursor).kind !== "string") fail(cursor, "a string");
    draft.comment = next(cursor).value;
  } else if (accept(cursor, "INVISIBLE")) note(draft, "INVISIBLE");
  else if (cursor.dialect === "mysql" && accept(cursor, "VISIBLE")) note(draft, "VISIBLE");
  else return false;
  return true;
}

const FORMATS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  COLUMN_FORMAT: ["FIXED", "DYNAMIC", "DEFAULT"],
  STORAGE: ["DISK", "MEMORY", "DEFAULT"],
});

/** What only MySQL has; MariaDB would take some of it for an engine's own attribute. */
function readStorage(cursor: Cursor, draft: ColumnDraft): boolean {
  if (cursor.dialect === "mariadb") return false;
  const name = acceptOneOf(cursor, [...Object.keys(FORMATS), "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "SRID"]);
  if (name === null) return false;
  const values = FORMATS[name];
  if (values !== undefined) note(draft, name, acceptOneOf(cursor, values) ?? fail(cursor, values.join(", ")));
  else if (name === "SRID") note(draft, name, String(readNumber(cursor) ?? fail(cursor, "a number")));
  else {
    accept(cursor, "=");
    if (peek(cursor).kind !== "string") fail(cursor, "a string");
    note(draft, name, next(cursor).value);
  }
  return true;
}

function readMariadbAttribute(cursor: Cursor, draft: ColumnDraft): boolean {
  if (cursor.dialect !== "mariadb") return false;
  const versioned = ["WITH", "WITHOUT"].find((word) => sees(cursor, word, "SYSTEM"));
  if (versioned !== undefined) {
    cursor.index += 2;
    expect(cursor, "VERSIONING");
    note(draft, `${versioned} SYSTEM VERSIONING`);
  } else if (!draft.attributes?.some(({ name }) => name === "COMPRESSED") && accept(cursor, "COMPRESSED")) {
    note(draft, "COMPRESSED", accept(cursor, "=") ? readOptionValue(cursor) : null);
  } else if (seesIdentifierAssignment(cursor)) {
    // An engine's own attribute.
    const name = next(cursor).value.toUpperCase();
    next(cursor);
    note(draft, name, readOptionValue(cursor));
  } else return false;
  return true;
}

function seesIdentifierAssignment(cursor: Cursor): boolean {
  return seesIdentifier(cursor) && looksAt(cursor, "=", 1) && !isTableOption(cursor);
}
