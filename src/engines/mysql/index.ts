import { later } from "../../later.js";
import type { OscSetting } from "../../model/osc.js";
import type { Engine, Version } from "../engine.js";
import { asStored } from "../stored-names.js";
import { columnsNamed } from "./columns-named.js";
import { mysqlEffects } from "./effects/index.js";
import { keepsColumns } from "./keeps-columns.js";
import { quote, quoteRelation } from "./names.js";
import { oscOf } from "./osc/index.js";
import type { MysqlDialect } from "./parse/dialect.js";
import { parseMysql } from "./parse/index.js";
import { readQueries } from "./queries/read.js";
import { scriptOf } from "./script.js";
import { isLeftOut } from "./session-settings.js";
import { tablesNeeded } from "./tables-needed.js";

/** Linting has no use for it. */
const planner = later(() => import("./strategies/index.js"), "the planner of MySQL and MariaDB");

/** The oldest that is supported, which a plan without a database assumes. */
const OLDEST: Readonly<Record<MysqlDialect, Version>> = Object.freeze({
  mysql: Object.freeze({ text: "8.0.12", parts: Object.freeze([8, 0, 12]) }),
  mariadb: Object.freeze({ text: "10.6.0", parts: Object.freeze([10, 6, 0]) }),
});

/** Facts of MySQL go back to 5.7, which lint still judges for. */
const KNOWN: Readonly<Record<MysqlDialect, Version>> = Object.freeze({
  mysql: Object.freeze({ text: "5.7.0", parts: Object.freeze([5, 7, 0]) }),
  mariadb: OLDEST.mariadb,
});

/** The newest that answers are proved for: with the oldest, the range that lint answers for. */
const NEWEST: Readonly<Record<MysqlDialect, Version>> = Object.freeze({
  mysql: Object.freeze({ text: "9.7.0", parts: Object.freeze([9, 7, 0]) }),
  mariadb: Object.freeze({ text: "11.8.0", parts: Object.freeze([11, 8, 0]) }),
});

/**
 * MySQL 8.0 to 9.x, or MariaDB 10.6 to 11.x: one engine, which differs by facts of the server and its version. What
 * talks to a server is loaded when one is connected to.
 *
 * @example
 * const engine = createMysqlEngine("mariadb");
 * const database = await engine.connect("mariadb://deploy@db/app", { connectTimeoutMs: 5000, applicationName: "x" });
 *
 * @param setting the program that rebuilds tables; null: what the server would copy is refused
 * @throws ZmigrateError osc-unfit
 */
export function createMysqlEngine(dialect: MysqlDialect, setting: OscSetting | null = null): Engine {
  const osc = oscOf(setting, dialect);
  const engine: Engine = Object.freeze({
    name: dialect,
    oldestVersion: OLDEST[dialect],
    oldestKnown: KNOWN[dialect],
    newestVersion: NEWEST[dialect],
    indexNames: "table",
    replicasAreWhole: false,
    loadParser: async () => undefined,
    load: planner.load,
    parse: (text) => parseMysql(text, dialect),
    effects(operation, { siblings, ...context }) {
      const named = <T extends object>(record: T) => asStored(record, context.catalog);
      const together = siblings === undefined ? {} : { siblings: named(siblings) };
      return mysqlEffects(named(operation), { ...context, ...together }, dialect);
    },
    columnsNamed: (operation, sql) => columnsNamed(operation, sql, dialect),
    tablesNeeded,
    plan: (operation, context) => planner.loaded().planOperation(operation, context, dialect, osc),
    leavesOut: isLeftOut,
    keepsColumns: (table, statements) => keepsColumns(table, statements, dialect),
    openShadow: null,
    async shadowServer(url, options) {
      const { openShadowServer } = await import("./shadow/index.js");
      return openShadowServer(url, dialect, options);
    },
    readQueries: (text) => readQueries(text, dialect),
    quote,
    quoteRelation,
    script: scriptOf(dialect),
    async connect(url, options) {
      const { connect } = await import("./database.js");
      return connect(engine, { dialect, osc }, url, options);
    },
  } satisfies Engine);
  return engine;
}
