import { accept, acceptOneOf, type Cursor, expect, next, sees } from "../cursor.js";
import { readIdentifier, readRelation } from "../names.js";
import { readDefinition } from "../partition/definition.js";
import type { Action } from "./action.js";
import { readPartitionNames } from "./partition.js";

/** `EXCHANGE PARTITION p WITH TABLE t`; on MariaDB also CONVERT between a partition and a table. */
export function readMove(cursor: Cursor): Action | null {
  if (accept(cursor, "EXCHANGE", "PARTITION")) {
    const partition = readIdentifier(cursor, "the name of a partition");
    expect(cursor, "WITH", "TABLE");
    const table = readRelation(cursor);
    const detail = { kind: "exchange-partition", partition, table, validated: readValidation(cursor) } as const;
    return { what: "exchange-partition", detail };
  }
  if (cursor.dialect !== "mariadb") return null;
  if (accept(cursor, "CONVERT", "PARTITION")) {
    const partition = readIdentifier(cursor, "the name of a partition");
    expect(cursor, "TO", "TABLE");
    const detail = { kind: "convert-partition", partition, table: readRelation(cursor) } as const;
    return { what: "convert-partition", detail };
  }
  return accept(cursor, "CONVERT", "TABLE") ? readConvertTable(cursor) : null;
}

/** `CONVERT TABLE t TO PARTITION p VALUES LESS THAN (10)`. */
function readConvertTable(cursor: Cursor): Action {
  const table = readRelation(cursor);
  expect(cursor, "TO", "PARTITION");
  const partition = readDefinition(cursor, true);
  const detail = { kind: "convert-table", table, partition, validated: readValidation(cursor) } as const;
  return { what: "convert-table", detail };
}

/** Rows are looked at unless it is said that they are not to be. */
function readValidation(cursor: Cursor): boolean {
  const word = acceptOneOf(cursor, ["WITH", "WITHOUT"]);
  if (word !== null) expect(cursor, "VALIDATION");
  return word !== "WITHOUT";
}

/** `DISCARD TABLESPACE`, `IMPORT PARTITION p TABLESPACE`. */
export function readTablespace(cursor: Cursor): Action | null {
  const behind = cursor.dialect === "mysql" ? ["TABLESPACE", "PARTITION"] : ["TABLESPACE"];
  const verb = ["DISCARD", "IMPORT"].find((word) => behind.some((after) => sees(cursor, word, after)));
  if (verb === undefined) return null;
  next(cursor);
  const partitions = accept(cursor, "PARTITION") ? readPartitionNames(cursor) : null;
  expect(cursor, "TABLESPACE");
  const action = verb === "DISCARD" ? "discard" : "import";
  return { what: `${action}-tablespace`, detail: { kind: "tablespace-files", action, partitions } };
}
