import type { Table } from "../../model/catalog.js";
import type { ConnectOptions, Engine, Version } from "../engine.js";
import { columnsHeld } from "./columns-held.js";
import { columnsNamed } from "./columns-named.js";
import { postgresEffects } from "./effects/index.js";
import { quote, quoteRelation } from "./names.js";
import { loadParser, parsePostgres } from "./parse/index.js";
import { readQueries } from "./queries/read.js";
import { script } from "./script.js";
import { planOperation } from "./strategies/index.js";
import { tablesNeeded } from "./tables-needed.js";
import { whileCalled } from "./while-called.js";

/** PostgreSQL 14 to 18. What talks to a server is loaded when one is connected to. */
export const postgresEngine: Engine = Object.freeze({
  name: "postgres",
  oldestVersion: Object.freeze({ text: "14", parts: Object.freeze([14, 0]) }),
  oldestKnown: Object.freeze({ text: "14", parts: Object.freeze([14]) }),
  newestVersion: Object.freeze({ text: "18", parts: Object.freeze([18]) }),
  indexNames: "schema",
  replicasAreWhole: true,
  load: loadParser,
  parse: parsePostgres,
  effects: postgresEffects,
  columnsHeld,
  columnsNamed,
  tablesNeeded,
  plan: planOperation,
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
