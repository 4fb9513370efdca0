import { rule as addingFieldWithDefault } from "./adding-field-with-default.js";
import { rule as addingForeignKeyConstraint } from "./adding-foreign-key-constraint.js";
import { rule as addingJsonField } from "./adding-json-field.js";
import { rule as addingNotNullableField } from "./adding-not-nullable-field.js";
import { rule as addingRequiredField } from "./adding-required-field.js";
import { rule as addingSerialPrimaryKeyField } from "./adding-serial-primary-key-field.js";
import { rule as addingUniqueIndex } from "./adding-unique-index.js";
import { rule as banAlterDomainWithAddConstraint } from "./ban-alter-domain-with-add-constraint.js";
import { rule as banCascade } from "./ban-cascade.js";
import { rule as banCharField } from "./ban-char-field.js";
import { rule as banConcurrentIndexCreationInTransaction } from "./ban-concurrent-index-creation-in-transaction.js";
import { rule as banCreateDomainWithConstraint } from "./ban-create-domain-with-constraint.js";
import { rule as banDropColumn } from "./ban-drop-column.js";
import { rule as banDropDatabase } from "./ban-drop-database.js";
import { rule as banDropNotNull } from "./ban-drop-not-null.js";
import { rule as banDropTable } from "./ban-drop-table.js";
import { rule as banInexactMoney } from "./ban-inexact-money.js";
import { rule as banTruncate } from "./ban-truncate.js";
import { rule as banTruncateCascade } from "./ban-truncate-cascade.js";
import { rule as banUncommittedTransaction } from "./ban-uncommitted-transaction.js";
import { rule as banWideGrant } from "./ban-wide-grant.js";
import { rule as blockingTableAccess } from "./blocking-table-access.js";
import { rule as breakingRunningCode } from "./breaking-running-code.js";
import { rule as breakingStoredCode } from "./breaking-stored-code.js";
import { rule as callingUnknownCode } from "./calling-unknown-code.js";
import { rule as changingColumnType } from "./changing-column-type.js";
import { rule as changingIndexedFunction } from "./changing-indexed-function.js";
import { rule as changingOwner } from "./changing-owner.js";
import { rule as changingWhoseRights } from "./changing-whose-rights.js";
import { rule as checkBeforeBackfill } from "./check-before-backfill.js";
import { rule as checkOnChangingValue } from "./check-on-changing-value.js";
import { rule as checkRefusingDefault } from "./check-refusing-default.js";
import { rule as columnPosition } from "./column-position.js";
import { rule as constraintMissingNotValid } from "./constraint-missing-not-valid.js";
import { rule as contractWithExpand } from "./contract-with-expand.js";
import { rule as contradictingHistory } from "./contradicting-history.js";
import { rule as corruptingIndexBuild } from "./corrupting-index-build.js";
import { rule as deletingDuplicates } from "./deleting-duplicates.js";
import { rule as disablingAutovacuum } from "./disabling-autovacuum.js";
import { rule as disallowedUniqueConstraint } from "./disallowed-unique-constraint.js";
import { rule as droppingForeignKey } from "./dropping-foreign-key.js";
import { rule as droppingKey } from "./dropping-key.js";
import { rule as droppingRole } from "./dropping-role.js";
import { rule as droppingSafeguard } from "./dropping-safeguard.js";
import { rule as dynamicSql } from "./dynamic-sql.js";
import { rule as enumValueTooEarly } from "./enum-value-too-early.js";
import { rule as explicitLock } from "./explicit-lock.js";
import { rule as failingStatement } from "./failing-statement.js";
import { rule as foreignKeyTypeMismatch } from "./foreign-key-type-mismatch.js";
import { rule as foreignKeyWithoutIndex } from "./foreign-key-without-index.js";
import { rule as identifierTooLong } from "./identifier-too-long.js";
import { rule as implicitCommit } from "./implicit-commit.js";
import { rule as indexBuildUnderTimeout } from "./index-build-under-timeout.js";
import { rule as indexGap } from "./index-gap.js";
import { rule as instantWithLock } from "./instant-with-lock.js";
import { rule as keepingInvalidIndex } from "./keeping-invalid-index.js";
import { rule as keepingOtherColumn } from "./keeping-other-column.js";
import { rule as keepingOtherIndex } from "./keeping-other-index.js";
import { rule as keepingOtherTable } from "./keeping-other-table.js";
import { rule as leavingSafeSettings } from "./leaving-safe-settings.js";
import { rule as limitWithoutOrder } from "./limit-without-order.js";
import { rule as lockingPartitionParent } from "./locking-partition-parent.js";
import { rule as lockingSeveralTables } from "./locking-several-tables.js";
import { rule as losingColumnAttributes } from "./losing-column-attributes.js";
import { rule as movingColumn } from "./moving-column.js";
import { rule as narrowingCheck } from "./narrowing-check.js";
import { rule as narrowingView } from "./narrowing-view.js";
import { rule as nonTransactionalEngine } from "./non-transactional-engine.js";
import { rule as notSupportedYet } from "./not-supported-yet.js";
import { rule as preferBigintOverInt } from "./prefer-bigint-over-int.js";
import { rule as preferBigintOverSmallint } from "./prefer-bigint-over-smallint.js";
import { rule as preferIdentity } from "./prefer-identity.js";
import { rule as preferJsonb } from "./prefer-jsonb.js";
import { rule as preferRobustStmts } from "./prefer-robust-stmts.js";
import { rule as preferTextField } from "./prefer-text-field.js";
import { rule as preferTimestampTz } from "./prefer-timestamp-tz.js";
import { rule as publishingWithoutIdentity } from "./publishing-without-identity.js";
import { rule as refusedInTransaction } from "./refused-in-transaction.js";
import { rule as renamingColumn } from "./renaming-column.js";
import { rule as renamingTable } from "./renaming-table.js";
import { rule as repeatingUniqueValue } from "./repeating-unique-value.js";
import { rule as replacingRoutine } from "./replacing-routine.js";
import { rule as requireConcurrentIndexCreation } from "./require-concurrent-index-creation.js";
import { rule as requireConcurrentIndexDeletion } from "./require-concurrent-index-deletion.js";
import { rule as requireConstraintName } from "./require-constraint-name.js";
import { rule as requireDefinerSearchPath } from "./require-definer-search-path.js";
import { rule as requireEnumValueOrdering } from "./require-enum-value-ordering.js";
import { rule as requirePrimaryKey } from "./require-primary-key.js";
import { rule as requireTableSchema } from "./require-table-schema.js";
import { rule as requireTimeoutSettings } from "./require-timeout-settings.js";
import type { Rule } from "./rule.js";
import { rule as tableRebuild } from "./table-rebuild.js";
import { rule as transactionNesting } from "./transaction-nesting.js";
import { rule as unbatchedDataChange } from "./unbatched-data-change.js";
import { rule as uncheckedForeignKey } from "./unchecked-foreign-key.js";
import { rule as unknownCharacterSet } from "./unknown-character-set.js";
import { rule as unknownDefiner } from "./unknown-definer.js";
import { rule as unreadableRoutine } from "./unreadable-routine.js";
import { rule as updatingExtension } from "./updating-extension.js";
import { rule as viewWithoutRights } from "./view-without-rights.js";
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
  banCascade,
  banCharField,
  banConcurrentIndexCreationInTransaction,
  banCreateDomainWithConstraint,
  banDropColumn,
  banDropDatabase,
  banDropNotNull,
  banDropTable,
  banInexactMoney,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banWideGrant,
  blockingTableAccess,
  breakingRunningCode,
  breakingStoredCode,
  callingUnknownCode,
  changingColumnType,
  changingIndexedFunction,
  changingOwner,
  changingWhoseRights,
  checkBeforeBackfill,
  checkOnChangingValue,
  checkRefusingDefault,
  columnPosition,
  constraintMissingNotValid,
  contractWithExpand,
  contradictingHistory,
  corruptingIndexBuild,
  deletingDuplicates,
  disablingAutovacuum,
  disallowedUniqueConstraint,
  droppingForeignKey,
  droppingKey,
  droppingRole,
  droppingSafeguard,
  dynamicSql,
  enumValueTooEarly,
  explicitLock,
  failingStatement,
  foreignKeyTypeMismatch,
  foreignKeyWithoutIndex,
  identifierTooLong,
  implicitCommit,
  indexBuildUnderTimeout,
  indexGap,
  instantWithLock,
  keepingInvalidIndex,
  keepingOtherColumn,
  keepingOtherIndex,
  keepingOtherTable,
  leavingSafeSettings,
  limitWithoutOrder,
  lockingPartitionParent,
  lockingSeveralTables,
  losingColumnAttributes,
  movingColumn,
  narrowingCheck,
  narrowingView,
  nonTransactionalEngine,
  notSupportedYet,
  preferBigintOverInt,
  preferBigintOverSmallint,
  preferIdentity,
  preferJsonb,
  preferRobustStmts,
  preferTextField,
  preferTimestampTz,
  publishingWithoutIdentity,
  refusedInTransaction,
  renamingColumn,
  renamingTable,
  repeatingUniqueValue,
  replacingRoutine,
  requireConcurrentIndexCreation,
  requireConcurrentIndexDeletion,
  requireConstraintName,
  requireDefinerSearchPath,
  requireEnumValueOrdering,
  requirePrimaryKey,
  requireTableSchema,
  requireTimeoutSettings,
  tableRebuild,
  transactionNesting,
  unbatchedDataChange,
  uncheckedForeignKey,
  unknownCharacterSet,
  unknownDefiner,
  unreadableRoutine,
  updatingExtension,
  viewWithoutRights,
  workingUnderLock,
  wrongPhase,
]);
