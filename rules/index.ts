import { rule as addingFieldWithDefault } from "./adding-field-with-default.js";
import { rule as addingForeignKeyConstraint } from "./adding-foreign-key-constraint.js";
import { rule as addingJsonField } from "./adding-json-field.js";
import { rule as addingNotNullableField } from "./adding-not-nullable-field.js";
import { rule as addingRequiredField } from "./adding-required-field.js";
import { rule as addingSerialPrimaryKeyField } from "./adding-serial-primary-key-field.js";
import { rule as addingUniqueIndex } from "./adding-unique-index.js";
import { rule as banAlterDomainWithAddConstraint } from "./ban-alter-domain-with-add-constraint.js";
import { rule as banConcurrentIndexCreationInTransaction } from "./ban-concurrent-index-creation-in-transaction.js";
import { rule as banCreateDomainWithConstraint } from "./ban-create-domain-with-constraint.js";
import { rule as banDropColumn } from "./ban-drop-column.js";
import { rule as banDropDatabase } from "./ban-drop-database.js";
import { rule as banDropNotNull } from "./ban-drop-not-null.js";
import { rule as banDropTable } from "./ban-drop-table.js";
import { rule as banTruncate } from "./ban-truncate.js";
import { rule as banUncommittedTransaction } from "./ban-uncommitted-transaction.js";
import { rule as blockingTableAccess } from "./blocking-table-access.js";
import { rule as breakingRunningCode } from "./breaking-running-code.js";
import { rule as changingColumnType } from "./changing-column-type.js";
import { rule as checkBeforeBackfill } from "./check-before-backfill.js";
import { rule as constraintMissingNotValid } from "./constraint-missing-not-valid.js";
import { rule as deletingDuplicates } from "./deleting-duplicates.js";
import { rule as disallowedUniqueConstraint } from "./disallowed-unique-constraint.js";
import { rule as droppingForeignKey } from "./dropping-foreign-key.js";
import { rule as droppingKey } from "./dropping-key.js";
import { rule as enumValueTooEarly } from "./enum-value-too-early.js";
import { rule as explicitLock } from "./explicit-lock.js";
import { rule as failingStatement } from "./failing-statement.js";
import { rule as implicitCommit } from "./implicit-commit.js";
import { rule as indexBuildUnderTimeout } from "./index-build-under-timeout.js";
import { rule as instantWithLock } from "./instant-with-lock.js";
import { rule as keepingInvalidIndex } from "./keeping-invalid-index.js";
import { rule as lockingSeveralTables } from "./locking-several-tables.js";
import { rule as losingColumnAttributes } from "./losing-column-attributes.js";
import { rule as notSupportedYet } from "./not-supported-yet.js";
import { rule as refusedInTransaction } from "./refused-in-transaction.js";
import { rule as renamingColumn } from "./renaming-column.js";
import { rule as renamingTable } from "./renaming-table.js";
import { rule as requireConcurrentIndexCreation } from "./require-concurrent-index-creation.js";
import { rule as requireConcurrentIndexDeletion } from "./require-concurrent-index-deletion.js";
import type { Rule } from "./rule.js";
import { rule as tableRebuild } from "./table-rebuild.js";
import { rule as transactionNesting } from "./transaction-nesting.js";
import { rule as unbatchedDataChange } from "./unbatched-data-change.js";
import { rule as uncheckedForeignKey } from "./unchecked-foreign-key.js";
import { rule as workingUnderLock } from "./working-under-lock.js";
import { rule as wrongPhase } from "./wrong-phase.js";

/** All rules, by name. */
export const RULES: readonly Rule[] = Object.freeze([
  addingFieldWithDefault,
  addingForeignKeyConstraint,
  addingJsonField,
  addingNotNullableField,
  addingRequiredField,
  addingSerialPrimaryKeyField,
  addingUniqueIndex,
  banAlterDomainWithAddConstraint,
  banConcurrentIndexCreationInTransaction,
  banCreateDomainWithConstraint,
  banDropColumn,
  banDropDatabase,
  banDropNotNull,
  banDropTable,
  banTruncate,
  banUncommittedTransaction,
  blockingTableAccess,
  breakingRunningCode,
  changingColumnType,
  checkBeforeBackfill,
  constraintMissingNotValid,
  deletingDuplicates,
  disallowedUniqueConstraint,
  droppingForeignKey,
  droppingKey,
  enumValueTooEarly,
  explicitLock,
  failingStatement,
  implicitCommit,
  indexBuildUnderTimeout,
  instantWithLock,
  keepingInvalidIndex,
  lockingSeveralTables,
  losingColumnAttributes,
  notSupportedYet,
  refusedInTransaction,
  renamingColumn,
  renamingTable,
  requireConcurrentIndexCreation,
  requireConcurrentIndexDeletion,
  tableRebuild,
  transactionNesting,
  unbatchedDataChange,
  uncheckedForeignKey,
  workingUnderLock,
  wrongPhase,
]);
