import { rule as addingFieldWithDefault } from "./adding-field-with-default.js";
import { rule as addingForeignKeyConstraint } from "./adding-foreign-key-constraint.js";
import { rule as addingJsonField } from "./adding-json-field.js";
import { rule as addingRequiredField } from "./adding-required-field.js";
import { rule as addingSerialPrimaryKeyField } from "./adding-serial-primary-key-field.js";
import { rule as addingUniqueIndex } from "./adding-unique-index.js";
import { rule as banConcurrentIndexCreationInTransaction } from "./ban-concurrent-index-creation-in-transaction.js";
import { rule as banDropColumn } from "./ban-drop-column.js";
import { rule as blockingTableAccess } from "./blocking-table-access.js";
import { rule as breakingRunningCode } from "./breaking-running-code.js";
import { rule as constraintMissingNotValid } from "./constraint-missing-not-valid.js";
import { rule as disallowedUniqueConstraint } from "./disallowed-unique-constraint.js";
import { rule as notSupportedYet } from "./not-supported-yet.js";
import { rule as renamingColumn } from "./renaming-column.js";
import { rule as requireConcurrentIndexCreation } from "./require-concurrent-index-creation.js";
import type { Rule } from "./rule.js";
import { rule as tableRebuild } from "./table-rebuild.js";
import { rule as wrongPhase } from "./wrong-phase.js";

/** All rules, by name. */
export const RULES: readonly Rule[] = Object.freeze([
  addingFieldWithDefault,
  addingForeignKeyConstraint,
  addingJsonField,
  addingRequiredField,
  addingSerialPrimaryKeyField,
  addingUniqueIndex,
  banConcurrentIndexCreationInTransaction,
  banDropColumn,
  blockingTableAccess,
  breakingRunningCode,
  constraintMissingNotValid,
  disallowedUniqueConstraint,
  notSupportedYet,
  renamingColumn,
  requireConcurrentIndexCreation,
  tableRebuild,
  wrongPhase,
]);
