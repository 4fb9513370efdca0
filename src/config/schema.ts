import { z } from "zod";
import type { Rule } from "../../rules/rule.js";
import { ZmigrateError } from "../errors.js";
import { DURATION_FORM, parseDuration } from "../files/duration.js";
import { problemsOf } from "../files/shape-problems.js";
import { EXEC_ORDERS } from "../model/exec-order.js";
import { OSC_TOOLS } from "../model/osc.js";
import type { Config } from "./define.js";
import { parseVersion } from "./version.js";
import { MOST_WORKERS } from "./workers.js";

const duration = z.string().refine((text) => parseDuration(text) !== null, `is not a duration (${DURATION_FORM})`);
const version = z.string().refine((text) => parseVersion(text) !== null, "is not a version like 16 or 8.0.36");
const severity = z.enum(["error", "warning", "info", "off"]);

/** Of an environment, and of a database in one: it stands in lines and flags. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** Each takes some ten sessions, on servers that may be the same. */
const MOST_AT_ONCE = 64;

const engine = z.enum(["postgres", "mysql", "mariadb"]);
const example = z.strictObject({
  sql: z.string().min(1),
  engines: z.array(engine).min(1).optional(),
  version: version.optional(),
});

/** What `defineRule` takes. The id is one that an ignore can name. */
const ruleShape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "is not a rule's name: write words in kebab case"),
  engines: z.array(engine).min(1),
  severity: z.enum(["error", "warning", "info"]),
  protects: z.string().min(1),
  onFreshTables: z.boolean().optional(),
  losses: z.boolean().optional(),
  fallback: z.boolean().optional(),
  aside: z.boolean().optional(),
  defaultOff: z.boolean().optional(),
  check: z.custom((value) => typeof value === "function", "is not a function"),
  bad: z.array(example).min(1),
  good: z.array(example).min(1),
});

/** The rule itself and no copy of it. */
const ownRule = z.custom<Rule>().superRefine((value, context) => {
  const { error } = ruleShape.safeParse(value);
  for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: undefined });
});

/** Why a configuration does not take a rule, one sentence each. */
export const ruleProblems = (rule: unknown): readonly string[] =>
  (ruleShape.safeParse(rule).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}.`);

/** What an environment may have of its own. */
const ofEnvironment = {
  databaseUrl: z.string().optional(),
  replicaUrls: z.array(z.string()).optional(),
  ignoreReplicas: z.array(z.string()).optional(),
  shadowUrl: z.string().optional(),
  serverVersion: version.optional(),
  maxLag: duration.optional(),
  lockTimeout: duration.optional(),
  lockWait: duration.optional(),
  batchTarget: duration.optional(),
  maxBadRows: z.number().int().nonnegative().optional(),
  maxRate: z.number().int().nonnegative().optional(),
  workers: z.number().int().min(1).max(MOST_WORKERS).optional(),
  park: duration.optional(),
  soak: duration.optional(),
  maxMismatches: z.number().int().nonnegative().optional(),
  // Its keys are those of the signals, which are read with the settings: they are loaded for nobody else.
  throttle: z.record(z.string(), z.unknown()).optional(),
  gates: z.record(z.string(), z.unknown()).optional(),
};

const named = z.string().regex(NAME, "is not a name: letters, digits, dots, _ and -");

/** Keys that JavaScript puts in front of all others, whatever the file's order: indexes of arrays. */
const isIndex = (name: string): boolean => String(Number(name) >>> 0) === name;

/** Of the databases of a wave those that stand first are worked on first. */
const inOrder = named.refine(
  (name) => !isIndex(name),
  "is only a number, which would lose its place in the file's order: put a letter in front of it",
);

const environment = z.strictObject({
  ...ofEnvironment,
  databases: z
    .record(
      inOrder,
      z.union([z.string(), z.strictObject({ databaseUrl: z.string(), replicaUrls: z.array(z.string()).optional() })]),
    )
    .optional(),
  waves: z.array(z.array(z.string()).min(1)).optional(),
  parallel: z.number().int().min(1).max(MOST_AT_ONCE).optional(),
});

const schema = z.strictObject({
  ...ofEnvironment,
  engine: engine.optional(),
  migrations: z.string().min(1).optional(),
  shadow: z.boolean().optional(),
  queries: z.union([z.string().min(1), z.array(z.string().min(1))]).optional(),
  release: z.string().min(1).optional(),
  metricsPort: z.number().int().min(1).max(65_535).optional(),
  execOrder: z.enum(EXEC_ORDERS).optional(),
  osc: z
    .strictObject({
      tool: z.enum(OSC_TOOLS),
      path: z.string().min(1).optional(),
      args: z.array(z.string().min(1)).optional(),
    })
    .optional(),
  lint: z.strictObject({ rules: z.record(z.string(), severity).optional(), style: severity.optional() }).optional(),
  environments: z.record(named, environment).optional(),
  rules: z.array(ownRule).optional(),
});

/**
 * Checks what a configuration file holds. An unknown key is an error: a misspelt limit would otherwise be no limit.
 *
 * @throws ZmigrateError bad-config naming the key. Values are not repeated: they may be secrets.
 */
export function checkConfig(file: string, value: unknown): Config {
  const result = schema.safeParse(value);
  if (result.success) return result.data satisfies Config;
  throw new ZmigrateError("bad-config", { file, reason: problemsOf(result.error) });
}
