import { type DetailStrategies, foreign, notYet } from "../../strategies.js";
import { addConstraint } from "./add-constraint.js";
import type { MysqlContext } from "./algorithms.js";
import { alterConstraint } from "./alter-constraint.js";
import { byCopy, byHand } from "./by-copy.js";
import { columnVisibility } from "./column-visibility.js";
import { convertCharset } from "./convert-charset.js";
import { dataChange } from "./data-change.js";
import { dropConstraint } from "./drop-constraint.js";
import { dropDefault } from "./drop-default.js";
import { dropIndex } from "./drop-index.js";
import { dropTable } from "./drop-table.js";
import { indexVisibility } from "./index-visibility.js";
import { maintainTable, rebuildTable, switchKeys } from "./maintenance.js";
import { modifyColumn } from "./modify-column.js";
import { alterObject, renameObject } from "./objects/alter.js";
import { createObject } from "./objects/create.js";
import { dropObject } from "./objects/drop.js";
import {
  addPartition,
  convertPartition,
  convertTable,
  dropPartition,
  exchangePartition,
  maintainPartition,
  reorganizePartition,
  truncatePartition,
} from "./partitions/partitions.js";
import { privileges } from "./privileges.js";
import { renameColumnIfExists } from "./rename-column-if-exists.js";
import { renameIndex } from "./rename-index.js";
import { renameTable } from "./rename-table.js";
import { replaceIndex } from "./replace-index.js";
import { setDefault } from "./set-default.js";
import { noChange, tableOption } from "./table-option.js";
import { truncate } from "./truncate.js";

/** One strategy a kind of detail: a new one is one file and one line here. */
export const DETAILS: DetailStrategies<MysqlContext> = {
  "add-constraint": addConstraint,
  "add-identity": foreign,
  "add-partition": addPartition,
  "add-period": byCopy,
  administration: notYet,
  "alter-column-type": foreign,
  "alter-constraint": alterConstraint,
  "alter-object": alterObject,
  "attach-partition": foreign,
  "coalesce-partition": byCopy,
  comment: foreign,
  "convert-charset": convertCharset,
  "convert-partition": convertPartition,
  "convert-table": convertTable,
  "create-object": createObject,
  "data-change": dataChange,
  "detach-partition": foreign,
  "drop-constraint": dropConstraint,
  "drop-default": dropDefault,
  "drop-expression": foreign,
  "drop-identity": foreign,
  "drop-index": dropIndex,
  "drop-not-null": foreign,
  "drop-object": dropObject,
  "drop-partition": dropPartition,
  "drop-period": byHand,
  "drop-table": dropTable,
  "exchange-partition": exchangePartition,
  explain: notYet,
  inherit: foreign,
  "lock-tables": notYet,
  "maintain-partition": maintainPartition,
  "maintain-table": maintainTable,
  "modify-column": modifyColumn,
  "no-change": noChange,
  opaque: notYet,
  "order-rows": byCopy,
  "partition-by": byCopy,
  "prepare-statement": notYet,
  privileges,
  query: notYet,
  "rebuild-table": rebuildTable,
  "refresh-view": foreign,
  reindex: foreign,
  "remove-partitioning": byCopy,
  "rename-column-if-exists": renameColumnIfExists,
  "rename-constraint": foreign,
  "rename-index": renameIndex,
  "rename-object": renameObject,
  "rename-table": renameTable,
  "reorganize-partition": reorganizePartition,
  "replace-index": replaceIndex,
  "replace-table": byHand,
  "secondary-engine": byHand,
  "set-column-option": foreign,
  "set-column-visibility": columnVisibility,
  "set-default": setDefault,
  "set-expression": foreign,
  "set-identity": foreign,
  "set-index-visibility": indexVisibility,
  "set-not-null": foreign,
  "set-table-option": tableOption,
  "set-variables": notYet,
  switch: switchKeys,
  "system-versioning": byCopy,
  "tablespace-files": byHand,
  transaction: notYet,
  truncate,
  "truncate-partition": truncatePartition,
  use: notYet,
  "validate-constraint": foreign,
};
