import type { AddConstraint } from "../../../../model/detail/constraint.js";
import type { RelationName } from "../../../../model/name.js";
import type { AddColumn, Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { readColumn } from "../column.js";
import { accept, type Cursor, fail, looksAt, next, spanFrom } from "../cursor.js";
import { readNumber } from "../expression/literal.js";
import { readIdentifier, readMariadbIf } from "../names.js";
import { createIndex, other } from "../operations.js";
import { readPartitions } from "../partition/definition.js";
import { readElementList, readTableElement, seesKeyOrConstraint, type TableElement } from "../table-element.js";
import { otherAction } from "./action.js";
import { readBinlogOption } from "./partition.js";

/** `ADD ...`: columns, indexes, constraints, partitions. Null when something else stands there. @throws Unreadable */
export function readAdd(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  if (!accept(cursor, "ADD")) return null;
  if (looksAt(cursor, "PARTITION")) return readAddPartition(cursor, relation, start);
  if (cursor.dialect === "mariadb" && accept(cursor, "SYSTEM", "VERSIONING")) {
    const detail = { kind: "system-versioning", enabled: true } as const;
    return otherAction(cursor, relation, start, { what: "add-system-versioning", detail });
  }
  if (seesKeyOrConstraint(cursor)) {
    const element = readTableElement(cursor);
    return [operationOf(element, relation, spanFrom(cursor, start))];
  }
  return readAddColumns(cursor, relation, start);
}

function readAddColumns(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  accept(cursor, "COLUMN");
  const ifNotExists = readMariadbIf(cursor, true);
  if (looksAt(cursor, "(")) return readElementList(cursor, (each) => readListed(each, relation, ifNotExists));
  const column = readColumn(cursor);
  const position = readPosition(cursor);
  const added = { relation, column, ifNotExists, position };
  return [Object.freeze<AddColumn>({ kind: "add-column", span: spanFrom(cursor, start), ...added })];
}

/** One element of `ADD (a INT, b INT, INDEX (a))`. */
function readListed(cursor: Cursor, relation: RelationName, ifNotExists: boolean): Operation {
  const start = cursor.index;
  const element = readTableElement(cursor);
  return operationOf(element, relation, spanFrom(cursor, start), ifNotExists);
}

/** `FIRST` or `AFTER column`; null at the end of the table. */
export function readPosition(cursor: Cursor): AddColumn["position"] {
  if (accept(cursor, "FIRST")) return "first";
  if (!accept(cursor, "AFTER")) return null;
  return Object.freeze({ after: readIdentifier(cursor, "the name of a column") });
}

function operationOf(element: TableElement, relation: RelationName, span: Span, ifNotExists = false): Operation {
  switch (element.kind) {
    case "column":
      return Object.freeze({
        kind: "add-column",
        span,
        relation,
        column: element.column,
        ifNotExists,
        position: null,
      });
    case "index":
      return createIndex(relation, element.index, { ...pickSaid(element), span });
    case "constraint":
      return other(`add-${element.constraint.kind}`, relation, span, constraintAdded(element));
    case "period": {
      const { name, columns } = element;
      return other("add-period", relation, span, {
        kind: "add-period",
        name,
        columns,
        conditional: element.ifNotExists,
      });
    }
  }
}

function constraintAdded(element: Extract<TableElement, { kind: "constraint" }>): AddConstraint {
  const { constraint, expression, ifNotExists } = element;
  const enforced = constraint.enforced ?? true;
  return { kind: "add-constraint", constraint, expression, enforced, validated: true, usingIndex: null, ifNotExists };
}

function pickSaid(element: Extract<TableElement, { kind: "index" }>): { unique: boolean; ifNotExists: boolean } {
  return { unique: element.unique, ifNotExists: element.ifNotExists };
}

/** `ADD PARTITION (PARTITION p VALUES LESS THAN (10))`, `ADD PARTITION PARTITIONS 4`. */
function readAddPartition(cursor: Cursor, relation: RelationName, start: number): readonly Operation[] {
  next(cursor);
  const ifNotExists = readMariadbIf(cursor, true);
  readBinlogOption(cursor);
  const counted = accept(cursor, "PARTITIONS");
  const count = counted ? (readNumber(cursor) ?? fail(cursor, "a number of partitions")) : null;
  if (!counted && !looksAt(cursor, "(")) fail(cursor, "( with partitions, or PARTITIONS");
  const partitions = counted ? Object.freeze([]) : readPartitions(cursor);
  const detail = { kind: "add-partition", partitions, count, ifNotExists } as const;
  return otherAction(cursor, relation, start, { what: "add-partition", detail });
}
