/**
 * zmigrate as a library: what the commands do, as functions. Settings come from `resolveSettings`, a database and the
 * folder's migrations from `withDatabase`. docs/library.md has whole programs.
 *
 * @example
 * import { apply, applyOptions, resolveSettings, withDatabase } from "zmigrate";
 *
 * const settings = await resolveSettings({}, process.env, process.cwd());
 * await withDatabase(settings, "start", (live) => apply(applyOptions(settings, live)));
 *
 * @module
 */
export type { Example, ExpandedTable, HeldLock, Rule, RuleContext, Verdict } from "../rules/rule.js";
export { detailOf } from "../rules/understood.js";
export type { FormerTool } from "./adopt/tool.js";
export { toolNamed } from "./adopt/tools/index.js";
export { type ApplyResult, apply } from "./apply/apply.js";
export { type BaselineOptions, type BaselineResult, baseline } from "./apply/baseline.js";
export { type GatesNow, gatesNow } from "./apply/gates-now.js";
export { history } from "./apply/history.js";
export type { ApplyOptions } from "./apply/options.js";
export { type Repaired, type RepairOptions, repair } from "./apply/repair.js";
export { rollback } from "./apply/rollback.js";
export { type StatusOptions, status } from "./apply/status.js";
export { Interrupted } from "./backfill/interrupted.js";
export { type Around, applyOptions } from "./commands/apply-options.js";
export { type Live, withDatabase } from "./commands/database.js";
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
export type { Check, Patient } from "./doctor/check.js";
export { type Examined, examine } from "./doctor/index.js";
export type { Database, Engine, EngineName, Session, Version } from "./engines/engine.js";
export { type ErrorCode, isError, ZmigrateError } from "./errors.js";
export { loadMigrations, parseMigration } from "./history/load.js";
export { checkRule } from "./lint/examples.js";
export { lintMigrations, lintOptions } from "./lint/index.js";
export { folderInputs } from "./lint/inputs.js";
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
