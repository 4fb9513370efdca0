/**
 * zmigrate as a library: what the commands do, as functions. Settings come from `resolveSettings`, a database from
 * `engine.connect`.
 *
 * @example
 * import { engineFor, loadMigrations, planMigration } from "zmigrate";
 *
 * const engine = await engineFor("postgres");
 * const migrations = await loadMigrations("migrations", engine);
 *
 * @module
 */
export type { Example, ExpandedTable, HeldLock, Rule, RuleContext, Verdict } from "../rules/rule.js";
export { detailOf } from "../rules/understood.js";
export { type ApplyResult, apply } from "./apply/apply.js";
export type { ApplyOptions } from "./apply/options.js";
export { type Repaired, type RepairOptions, repair } from "./apply/repair.js";
export { rollback } from "./apply/rollback.js";
export { type StatusOptions, status } from "./apply/status.js";
export { Interrupted } from "./backfill/interrupted.js";
export {
  type Config,
  defineBackfill,
  defineConfig,
  defineRule,
  type LintConfig,
  type OscConfig,
} from "./config/define.js";
export { engineFor } from "./config/engine.js";
export type { GatesConfig } from "./config/gates.js";
export type { SettingsFlags } from "./config/given.js";
export { resolveSettings, type Settings } from "./config/settings.js";
export type { ThrottleConfig } from "./config/throttle.js";
export type { Database, Engine, EngineName, Session, Version } from "./engines/engine.js";
export { type ErrorCode, isError, ZmigrateError } from "./errors.js";
export { loadMigrations, parseMigration } from "./history/load.js";
export { checkRule } from "./lint/examples.js";
export type {
  BackfillDefinition,
  BackfillRow,
  MapContext,
  RowKey,
  RowUpdate,
  RowUpdates,
  RowValue,
} from "./model/backfill-code.js";
export type { Emit, RunEvent } from "./model/event.js";
export type { Finding } from "./model/finding.js";
export type { GateResult } from "./model/gate.js";
export type { Migration } from "./model/migration.js";
export type { MigrationPlan, PlanRefusal } from "./model/plan.js";
export type { PlanReport } from "./model/plan-report.js";
export type { StatusReport } from "./model/status-report.js";
export type { Step } from "./model/step.js";
export { loadCode } from "./plan/code.js";
export { planMigration } from "./plan/plan.js";
export { planFromDatabase, planFromFiles } from "./plan/report.js";
export { planFromShadow } from "./plan/shadow.js";
