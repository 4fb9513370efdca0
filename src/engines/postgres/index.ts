import { later } from "../../later.js";
import type { Table } from "../../model/catalog.js";
import type { Operation } from "../../model/operation.js";
import type { ConnectOptions, Engine, StrategyContext, Version } from "../engine.js";
import { columnsHeld } from "./columns-held.js";
import { columnsNamed } from "./columns-named.js";
import { postgresEffects } from "./effects/index.js";
import { quote, quoteRelation } from "./names.js";
import { loadParser, parsePostgres } from "./parse/index.js";
import { readQueries } from "./queries/read.js";
import { script } from "./script.js";
import { tablesNeeded } from "./tables-needed.js";
import { whileCalled } from "./while-called.js";

/** Half as large as all that linting needs. */
const planner = later(() => import("./strategies/index.js"), "the planner of PostgreSQL");

/** PostgreSQL 14 to 18. What talks to a server is loaded when one is connected to. */
export const postgresEngine: Engine = Object.freeze({
  name: "postgres",
  oldestVersion: Object.freeze({ text: "14", parts: Object.freeze([14, 0]) }),
  oldestKnown: Object.freeze({ text: "14", parts: Object.freeze([14]) }),
  newestVersion: Object.freeze({ text: "18", parts: Object.freeze([18]) }),
  indexNames: "schema",
  replicasAreWhole: true,
  loadParser,
  load: async () => void (await Promise.all([loadParser(), planner.load()])),
  parse: parsePostgres,
  effects: postgresEffects,
  columnsHeld,
  columnsNamed,
  tablesNeeded,
  plan: (operation: Operation, context: StrategyContext) => planner.loaded().planOperation(operation, context),
  whileCalled,
  openShadow: async (texts: readonly string[], version: Version) => {
    const { openShadow } = await import("./shadow/index.js");
    return openShadow(texts, version);
  },
  shadowServer: null,
  readQueries,
  quote,
  quoteRelation,
  walksByPlace: ({ partitionKey, partitionExpression }: Table) =>
    (partitionKey ?? null) === null && partitionExpression === undefined,
  script,
  async connect(url: string, options: ConnectOptions) {
    await loadParser();
    const { connect } = await import("./database.js");
    return connect(postgresEngine, url, options);
  },
});
