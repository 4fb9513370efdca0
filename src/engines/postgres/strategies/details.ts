import { type DetailStrategies, foreign, notYet } from "../../strategies.js";
import { addConstraint } from "./add-constraint.js";
import { alterColumnType } from "./alter-column-type.js";
import { alterConstraint } from "./alter-constraint.js";
import { comment } from "./comment.js";
import { dataChange } from "./data-change.js";
import { dropConstraint } from "./drop-constraint.js";
import { dropDefault } from "./drop-default.js";
import { dropExpression } from "./drop-expression.js";
import { dropIndex } from "./drop-index.js";
import { dropNotNull } from "./drop-not-null.js";
import { dropTable } from "./drop-table.js";
import { addIdentity, dropIdentity, setIdentity } from "./identity.js";
import { maintainTable, rebuildTable } from "./maintenance.js";
import { alterObject } from "./objects/alter.js";
import { createObject } from "./objects/create.js";
import { dropObject } from "./objects/drop.js";
import { renameObject } from "./objects/rename.js";
import { attachPartition } from "./partitions/attach.js";
import { detachPartition } from "./partitions/detach.js";
import { privileges } from "./privileges.js";
import { refreshView } from "./refresh-view.js";
import { reindex } from "./reindex.js";
import { renameConstraint } from "./rename-constraint.js";
import { renameIndex } from "./rename-index.js";
import { renameTable } from "./rename-table.js";
import { runCode } from "./run-code.js";
import { setColumnOption } from "./set-column-option.js";
import { setDefault } from "./set-default.js";
import { setExpression } from "./set-expression.js";
import { setNotNull } from "./set-not-null.js";
import { setSequence } from "./set-sequence.js";
import { inherit, noChange, switchOf, tableOption } from "./table-option.js";
import { truncate } from "./truncate.js";
import { validateConstraint } from "./validate-constraint.js";

/** One strategy a kind of detail: a new one is one file and one line here. */
export const DETAILS: DetailStrategies = {
  "add-constraint": addConstraint,
  "add-identity": addIdentity,
  "add-partition": foreign,
  "add-period": foreign,
  administration: notYet,
  "alter-column-type": alterColumnType,
  "alter-constraint": alterConstraint,
  "alter-object": alterObject,
  "attach-partition": attachPartition,
  "coalesce-partition": foreign,
  comment,
  "convert-charset": foreign,
  "convert-partition": foreign,
  "convert-table": foreign,
  "create-object": createObject,
  "data-change": dataChange,
  "detach-partition": detachPartition,
  "drop-constraint": dropConstraint,
  "drop-default": dropDefault,
  "drop-expression": dropExpression,
  "drop-identity": dropIdentity,
  "drop-index": dropIndex,
  "drop-not-null": dropNotNull,
  "drop-object": dropObject,
  "drop-partition": foreign,
  "drop-period": foreign,
  "drop-table": dropTable,
  "exchange-partition": foreign,
  explain: notYet,
  inherit,
  "lock-tables": notYet,
  "maintain-partition": foreign,
  "maintain-table": maintainTable,
  "modify-column": foreign,
  "no-change": noChange,
  opaque: runCode,
  "order-rows": foreign,
  "partition-by": foreign,
  "prepare-statement": notYet,
  privileges,
  query: setSequence,
  "rebuild-table": rebuildTable,
  "refresh-view": refreshView,
  reindex,
  "remove-partitioning": foreign,
  "rename-column-if-exists": foreign,
  "rename-constraint": renameConstraint,
  "rename-index": renameIndex,
  "rename-object": renameObject,
  "rename-table": renameTable,
  "reorganize-partition": foreign,
  "replace-index": foreign,
  "replace-table": foreign,
  "secondary-engine": foreign,
  "set-column-option": setColumnOption,
  "set-column-visibility": foreign,
  "set-default": setDefault,
  "set-expression": setExpression,
  "set-identity": setIdentity,
  "set-index-visibility": foreign,
  "set-not-null": setNotNull,
  "set-table-option": tableOption,
  "set-variables": notYet,
  switch: switchOf,
  "system-versioning": foreign,
  "tablespace-files": foreign,
  transaction: notYet,
  truncate,
  "truncate-partition": foreign,
  use: foreign,
  "validate-constraint": validateConstraint,
};
