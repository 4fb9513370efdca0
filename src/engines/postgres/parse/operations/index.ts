import type { Node } from "libpg-query";
import type { Operation } from "../../../../model/operation.js";
import { body } from "../ast.js";
import { type Run, type Source, spanOf } from "../source.js";
import { alterTable } from "./alter-table.js";
import type { Reading } from "./context.js";
import { createIndex } from "./create-index.js";
import { createTable, createTableAs } from "./create-table.js";
import { isHarmless } from "./harmless.js";
import { createSchema } from "./object/schema.js";
import { otherOperation } from "./other.js";
import { partsOf } from "./parts.js";
import { rename } from "./rename.js";
import { targetsOf } from "./targets.js";
import { nameOf } from "./what.js";

/** What a statement does: one operation or several, never none. */
export function operationsOf(source: Source, node: Node | undefined, run: Run): readonly Operation[] {
  const reading: Reading = { source, run, nested: operationsOf };
  return modelled(node, reading) ?? others(node, reading);
}

function modelled(node: Node | undefined, reading: Reading): Operation[] | null {
  const create = body(node, "CreateStmt");
  if (create !== null) return [createTable(create, reading)];
  const index = body(node, "IndexStmt");
  if (index !== null) return [createIndex(index, reading)];
  const alter = body(node, "AlterTableStmt");
  if (alter !== null) return alterTable(alter, reading);
  const schema = body(node, "CreateSchemaStmt");
  if (schema !== null) return createSchema(schema, reading, spanOf(reading.source, reading.run));
  const renamed = body(node, "RenameStmt");
  if (renamed !== null) return [rename(renamed, reading)];
  return queried(node, reading);
}

/** The two spellings of a table made from a query. */
function queried(node: Node | undefined, reading: Reading): Operation[] | null {
  const as = body(node, "CreateTableAsStmt");
  if (as?.objtype === "OBJECT_TABLE" && as.into?.rel !== undefined) {
    return [createTableAs(as.into, as.query, as.if_not_exists ?? false, reading)];
  }
  const { intoClause, ...query } = body(node, "SelectStmt") ?? {};
  return intoClause?.rel === undefined ? null : [createTableAs(intoClause, { SelectStmt: query }, false, reading)];
}

function others(node: Node | undefined, reading: Reading): Operation[] {
  const { source, run } = reading;
  const span = spanOf(source, run);
  if (node === undefined) return [otherOperation("unknown", null, span)];
  const what = nameOf(node);
  const harmless = isHarmless(node);
  const parts = partsOf(node, reading);
  if (parts === null) return targetsOf(node).map((relation) => otherOperation(what, relation, span, { harmless }));
  return parts.map(({ relation, ...part }) =>
    otherOperation(part.what ?? what, relation, part.span ?? span, { harmless, ...part }),
  );
}
