import type { Rule } from "../../rules/rule.js";
import type { EngineName } from "../engines/engine.js";
import type { BackfillDefinition, RowValue } from "../model/backfill-code.js";
import type { ExecOrder } from "../model/exec-order.js";
import type { Severity } from "../model/finding.js";
import type { OscTool } from "../model/osc.js";
import type { Environments } from "./environments.js";
import type { GatesConfig } from "./gates.js";
import type { ThrottleConfig } from "./throttle.js";

/**
 * What zmigrate.config.{ts,mts,js,mjs,json} may say. Durations are texts: `250ms`, `5s`, `10m`, `2h`, `3d`. Paths are
 * relative to the configuration file's folder.
 */
export interface Config {
  readonly engine?: EngineName | undefined;
  /** The folder of the migrations. Default `migrations`. */
  readonly migrations?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly replicaUrls?: readonly string[] | undefined;
  /** Replicas that nobody waits for, as one that is delayed on purpose: by host, `host:port` or application name. */
  readonly ignoreReplicas?: readonly string[] | undefined;
  readonly shadowUrl?: string | undefined;
  /** False: `plan` without a database does not try its plans in an embedded PostgreSQL. */
  readonly shadow?: boolean | undefined;
  /**
   * The application's queries, which `plan` prepares in every phase: folders or globs of .sql files, exports of
   * statistics (.csv, .json), or `database` for the statistics of the running database.
   */
  readonly queries?: string | readonly string[] | undefined;
  /** What lint assumes without a database: `14`, `8.0.36`. Default: the oldest that is supported. */
  readonly serverVersion?: string | undefined;
  /** The application version that is being deployed. */
  readonly release?: string | undefined;
  /** Replica lag at which a backfill waits. Default `5s`. */
  readonly maxLag?: string | undefined;
  /** How long a DDL statement may wait for its lock. Default `2s`. */
  readonly lockTimeout?: string | undefined;
  /** How long to wait for another runner. Default `60s`. */
  readonly lockWait?: string | undefined;
  /** What a backfill's batch aims at. Default `250ms`. */
  readonly batchTarget?: string | undefined;
  /** Batches of one backfill that run beside each other in a process. Default 1. */
  readonly workers?: number | undefined;
  /** Rows that the database may refuse before a backfill stops. Default 0. */
  readonly maxBadRows?: number | undefined;
  /** Rows a second that all workers of a backfill, in all processes, may walk together. Default 0: no limit. */
  readonly maxRate?: number | undefined;
  /** What becomes of a file that has not run and stands before one that has. Default `non-linear`: it is run. */
  readonly execOrder?: ExecOrder | undefined;
  /** Where `apply` answers /metrics, /live and /ready. Default: nowhere. */
  readonly metricsPort?: number | undefined;
  /** How long a parked column is kept before its drop. Default `24h`. */
  readonly park?: string | undefined;
  /** How long expand must have been finished before contract. Default `0`. */
  readonly soak?: string | undefined;
  /** Rows that may differ when a backfill is verified. Default 0. */
  readonly maxMismatches?: number | undefined;
  /** MySQL and MariaDB: the program that rebuilds tables which the server would copy while writes wait. */
  readonly osc?: OscConfig | undefined;
  /**
   * What a backfill waits for besides `maxLag`: signals by name, each with its limit, or `false` for one that is on by
   * default (docs/backfill.md).
   *
   * @example
   * throttle: { activeSessions: 40, window: "22:00-06:00", http: "https://status.example.com/ready" }
   */
  readonly throttle?: ThrottleConfig | undefined;
  /**
   * What contract waits for besides, of all migrations (docs/gates.md).
   *
   * @example
   * gates: { http: "https://deploys.example.com/shop/healthy" }
   */
  readonly gates?: GatesConfig | undefined;
  /**
   * Where there is more than one database: settings by environment, each with its database or databases (docs/fleets.md).
   *
   * @example
   * environments: { staging: { databaseUrl: "$STAGING_URL", park: "0" }, production: { databases: { eu: "$EU_URL", us: "$US_URL" } } }
   */
  readonly environments?: Environments | undefined;
  readonly lint?: LintConfig | undefined;
  /** Lint rules of your own, made with `defineRule`. Not in a `.json` file. */
  readonly rules?: readonly Rule[] | undefined;
}

/** A program that rebuilds tables, and how it is started. */
export interface OscConfig {
  readonly tool: OscTool;
  /** Where it is; one with a slash is relative to the configuration's folder. Default: the tool's name, on the PATH. */
  readonly path?: string | undefined;
  /** Further arguments, each as one text: no shell reads them. */
  readonly args?: readonly string[] | undefined;
}

/** How findings count. */
export interface LintConfig {
  /** By rule id, over the rules' own severities and over `style`. */
  readonly rules?: Readonly<Record<string, Severity | "off">> | undefined;
  /** The severity of all rules of style, which are off without it. */
  readonly style?: Severity | "off" | undefined;
}

/**
 * Types a configuration file; returns what it is given.
 *
 * @example
 * // zmigrate.config.ts
 * import { defineConfig } from "zmigrate";
 * export default defineConfig({ engine: "postgres", migrations: "migrations", maxLag: "1s" });
 */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * Types a lint rule of your own for the configuration's `rules`; returns it frozen. What it says is printed, ignored,
 * switched off and explained by its id like that of zmigrate's own rules. It is asked once for each operation, must be
 * pure and synchronous, and hides nothing that other rules say. One that throws is reported by its name and statement.
 *
 * @example
 * // zmigrate.config.ts
 * import { defineConfig, defineRule } from "zmigrate";
 *
 * const auditLog = defineRule({
 *   id: "audit-log-stays",
 *   engines: ["postgres"],
 *   severity: "error",
 *   protects: "The audit log is kept for ten years.",
 *   check({ operation, effect, engine }) {
 *     if (operation.relation?.name !== "audit_log" || !effect.destroys) return null;
 *     const table = engine.quoteRelation(operation.relation);
 *     return { message: `${table} loses data.`, help: "Ask the people of compliance first." };
 *   },
 *   bad: [{ sql: "TRUNCATE audit_log;" }],
 *   good: [{ sql: "TRUNCATE sessions;" }],
 * });
 * export default defineConfig({ rules: [auditLog] });
 */
export function defineRule(rule: Rule): Rule {
  return Object.freeze(rule);
}

/**
 * Types a backfill in TypeScript, the default export of a migration `<14 digits>_<slug>.backfill.ts`: for values that SQL
 * cannot compute. Returns it frozen. `Row` is what is read, by column, `Update` what may be written, and `Tables` what
 * `db` knows (kysely). docs/backfill.md says how it runs, and how values arrive.
 *
 * @example
 * // migrations/20260112090000_slugs.backfill.ts
 * import { defineBackfill } from "zmigrate";
 *
 * export default defineBackfill<{ title: string }, { slug: string }>({
 *   table: "posts",
 *   select: ["title"],
 *   update: ["slug"],
 *   where: "slug IS NULL",
 *   map: (rows) =>
 *     rows.map(({ key, values }) => ({ key, set: { slug: values.title.toLowerCase().replace(/\W+/g, "-") } })),
 * });
 */
export function defineBackfill<
  Row extends object = Record<string, RowValue>,
  Update extends object = Record<string, RowValue>,
  Tables = Record<string, Record<string, unknown>>,
>(definition: BackfillDefinition<Row, Update, Tables>): BackfillDefinition<Row, Update, Tables> {
  return Object.freeze(definition);
}

export type { Rule, RuleContext, Verdict } from "../../rules/rule.js";
export { detailOf } from "../../rules/understood.js";
// A configuration, or a backfill, in TypeScript imports "zmigrate" from this module: what they need stands here too.
export type {
  BackfillDefinition,
  BackfillRow,
  MapContext,
  RowKey,
  RowUpdate,
  RowUpdates,
  RowValue,
} from "../model/backfill-code.js";
