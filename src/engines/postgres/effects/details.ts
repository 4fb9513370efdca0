import type { Effect } from "../../../model/effect.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { DetailKind, DetailOf } from "../../../model/operation-detail.js";
import type { EffectContext } from "../../engine.js";
import { addConstraintEffect } from "./changes/add-constraint.js";
import { alterObjectEffect } from "./changes/alter-object.js";
import {
  addIdentityEffect,
  columnOptionEffect,
  dropDefaultEffect,
  dropExpressionEffect,
  dropIdentityEffect,
  setDefaultEffect,
  setIdentityEffect,
} from "./changes/column-default.js";
import { setExpressionEffect } from "./changes/column-expression.js";
import { dropNotNullEffect, setNotNullEffect } from "./changes/column-null.js";
import { columnTypeEffect } from "./changes/column-type.js";
import { alterConstraintEffect, renameConstraintEffect, validateConstraintEffect } from "./changes/constraint-state.js";
import { createObjectEffect } from "./changes/create-object.js";
import { dataChangeEffect, explainEffect, opaqueEffect, queryEffect } from "./changes/data-change.js";
import { dropConstraintEffect } from "./changes/drop-constraint.js";
import { dropObjectEffect, renameObjectEffect } from "./changes/drop-object.js";
import { dropTableEffect, truncateEffect } from "./changes/drop-table.js";
import { dropIndexEffect, reindexEffect, renameIndexEffect } from "./changes/index-change.js";
import { attachPartitionEffect, detachPartitionEffect, inheritEffect } from "./changes/partition-change.js";
import { refreshEffect } from "./changes/refresh-view.js";
import { commentEffect, privilegesEffect } from "./changes/rights.js";
import { administrationEffect, lockTablesEffect, nothingEffect } from "./changes/session-change.js";
import {
  maintainTableEffect,
  noChangeEffect,
  rebuildTableEffect,
  renameTableEffect,
  switchEffect,
  tableOptionEffect,
} from "./changes/table-change.js";
import { type Subject, subjectOf } from "./subject.js";
import { worst } from "./worst.js";

type Handler<K extends DetailKind> = (detail: DetailOf<K>, subject: Subject, effectsOf: EffectsOf) => Effect;
type EffectsOf = (operation: Operation, context: EffectContext) => Effect;

/** Every kind of detail. What only MySQL and MariaDB have cannot come from PostgreSQL's grammar. */
const HANDLERS: { readonly [K in DetailKind]: Handler<K> } = {
  "add-constraint": addConstraintEffect,
  "add-identity": addIdentityEffect,
  "add-partition": foreign,
  "add-period": foreign,
  administration: administrationEffect,
  "alter-column-type": columnTypeEffect,
  "alter-constraint": alterConstraintEffect,
  "alter-object": alterObjectEffect,
  "attach-partition": attachPartitionEffect,
  "coalesce-partition": foreign,
  comment: commentEffect,
  "convert-charset": foreign,
  "convert-partition": foreign,
  "convert-table": foreign,
  "create-object": createObjectEffect,
  "data-change": dataChangeEffect,
  "detach-partition": detachPartitionEffect,
  "drop-constraint": dropConstraintEffect,
  "drop-default": dropDefaultEffect,
  "drop-expression": dropExpressionEffect,
  "drop-identity": dropIdentityEffect,
  "drop-index": dropIndexEffect,
  "drop-not-null": dropNotNullEffect,
  "drop-object": dropObjectEffect,
  "drop-partition": foreign,
  "drop-period": foreign,
  "drop-table": dropTableEffect,
  "exchange-partition": foreign,
  explain: explainEffect,
  inherit: inheritEffect,
  "lock-tables": lockTablesEffect,
  "maintain-partition": foreign,
  "maintain-table": maintainTableEffect,
  "modify-column": foreign,
  "no-change": noChangeEffect,
  opaque: opaqueEffect,
  "order-rows": foreign,
  "partition-by": foreign,
  "prepare-statement": nothingEffect,
  privileges: privilegesEffect,
  query: queryEffect,
  "rebuild-table": rebuildTableEffect,
  "refresh-view": refreshEffect,
  reindex: reindexEffect,
  "remove-partitioning": foreign,
  "rename-column-if-exists": foreign,
  "rename-constraint": renameConstraintEffect,
  "rename-index": renameIndexEffect,
  "rename-object": renameObjectEffect,
  "rename-table": renameTableEffect,
  "reorganize-partition": foreign,
  "replace-index": foreign,
  "replace-table": foreign,
  "secondary-engine": foreign,
  "set-column-option": columnOptionEffect,
  "set-column-visibility": foreign,
  "set-default": setDefaultEffect,
  "set-expression": setExpressionEffect,
  "set-identity": setIdentityEffect,
  "set-index-visibility": foreign,
  "set-not-null": setNotNullEffect,
  "set-table-option": tableOptionEffect,
  "set-variables": nothingEffect,
  switch: switchEffect,
  "system-versioning": foreign,
  "tablespace-files": foreign,
  transaction: nothingEffect,
  truncate: truncateEffect,
  "truncate-partition": foreign,
  use: foreign,
  "validate-constraint": validateConstraintEffect,
};

function foreign(_: unknown, { operation }: Subject): Effect {
  return worst(operation, `${operation.what} is not PostgreSQL's`);
}

/** The effect of an operation of kind "other": by its detail; the worst where it was not understood. */
export function detailEffect(operation: OtherOperation, context: EffectContext, effectsOf: EffectsOf): Effect | null {
  const { detail } = operation;
  if (detail === undefined) return null;
  const handle = HANDLERS[detail.kind] as Handler<DetailKind>;
  return handle(detail as DetailOf<DetailKind>, subjectOf(operation, context), effectsOf);
}
