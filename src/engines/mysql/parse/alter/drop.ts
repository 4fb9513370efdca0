import type { DropConstraint } from "../../../../model/detail/constraint.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, expect, looksAt, spanFrom } from "../cursor.js";
import { readColumnName, readIdentifier, readMariadbIf } from "../names.js";
import { type Action, otherAction } from "./action.js";
import { readPartitionNames } from "./partition.js";

/** Constraints that have a name behind their words. MariaDB has no DROP CHECK (1064). */
const CONSTRAINTS: readonly {
  readonly words: readonly string[];
  readonly what: string;
  readonly constraint: DropConstraint["constraint"];
}[] = [
  { words: ["FOREIGN", "KEY"], what: "drop-foreign-key", constraint: "foreign-key" },
  { words: ["CHECK"], what: "drop-check", constraint: "check" },
  { words: ["CONSTRAINT"], what: "drop-constraint", constraint: null },
];

/** `DROP ...`: columns, indexes, constraints, partitions. Null when something else stands there. @throws Unreadable */
export function readDrop(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  if (!accept(cursor, "DROP")) return null;
  const action = readDropIndex(cursor) ?? readDropConstraint(cursor) ?? readDropPhrase(cursor);
  return action === null ? readDropColumn(cursor, relation, start) : otherAction(cursor, relation, start, action);
}

function readDropIndex(cursor: Cursor): Action | null {
  if (acceptOneOf(cursor, ["INDEX", "KEY"]) === null) return null;
  const ifExists = readMariadbIf(cursor, false);
  // MariaDB also takes DROP INDEX `PRIMARY`, in backticks.
  const index = Object.freeze({ schema: null, name: readIdentifier(cursor, "a name") });
  return { what: "drop-index", detail: { kind: "drop-index", index, ifExists, concurrently: false, cascade: false } };
}

function readDropConstraint(cursor: Cursor): Action | null {
  if (accept(cursor, "PRIMARY", "KEY")) return dropped("drop-primary-key", "primary-key", null, false);
  const known = cursor.dialect === "mariadb" ? CONSTRAINTS.filter(({ what }) => what !== "drop-check") : CONSTRAINTS;
  const found = known.find(({ words }) => accept(cursor, ...words));
  if (found === undefined) return null;
  const ifExists = readMariadbIf(cursor, false);
  return dropped(found.what, found.constraint, readIdentifier(cursor, "a name"), ifExists);
}

function dropped(
  what: string,
  constraint: DropConstraint["constraint"],
  name: string | null,
  ifExists: boolean,
): Action {
  return { what, detail: { kind: "drop-constraint", constraint, name, ifExists, cascade: false } };
}

function readDropPhrase(cursor: Cursor): Action | null {
  if (accept(cursor, "PARTITION")) {
    const ifExists = readMariadbIf(cursor, false);
    const partitions = readPartitionNames(cursor, false);
    return { what: "drop-partition", detail: { kind: "drop-partition", partitions, ifExists } };
  }
  if (cursor.dialect !== "mariadb") return null;
  if (accept(cursor, "SYSTEM")) {
    expect(cursor, "VERSIONING");
    return { what: "drop-system-versioning", detail: { kind: "system-versioning", enabled: false } };
  }
  if (!looksAt(cursor, "PERIOD") || !(looksAt(cursor, "FOR", 1) || looksAt(cursor, "IF", 1))) return null;
  cursor.index += 1;
  const conditional = readMariadbIf(cursor, false);
  expect(cursor, "FOR");
  const name = readIdentifier(cursor, "the name of a period");
  return { what: "drop-period", detail: { kind: "drop-period", name, columns: [], conditional } };
}

/** Both servers read RESTRICT and CASCADE, and do nothing with them. */
function readDropColumn(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  const said = accept(cursor, "COLUMN");
  const ifExists = readMariadbIf(cursor, false);
  const column = readColumnName(cursor, said ? "the name of a column" : "what to drop");
  const cascade = acceptOneOf(cursor, ["RESTRICT", "CASCADE"]) === "CASCADE";
  return [Object.freeze({ kind: "drop-column", span: spanFrom(cursor, start), relation, column, ifExists, cascade })];
}
