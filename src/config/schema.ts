import { z } from "zod";
import { ZmigrateError } from "../errors.js";
import { DURATION_FORM, parseDuration } from "../files/duration.js";
import type { Config } from "./define.js";
import { parseVersion } from "./version.js";

const duration = z.string().refine((text) => parseDuration(text) !== null, `is not a duration (${DURATION_FORM})`);
const version = z.string().refine((text) => parseVersion(text) !== null, "is not a version like 16 or 8.0.36");
const severity = z.enum(["error", "warning", "info", "off"]);

const schema = z.strictObject({
  engine: z.enum(["postgres", "mysql", "mariadb"]).optional(),
  migrations: z.string().min(1).optional(),
  databaseUrl: z.string().optional(),
  replicaUrls: z.array(z.string()).optional(),
  shadowUrl: z.string().optional(),
  serverVersion: version.optional(),
  release: z.string().min(1).optional(),
  maxLag: duration.optional(),
  lockTimeout: duration.optional(),
  lockWait: duration.optional(),
  batchTarget: duration.optional(),
  park: duration.optional(),
  soak: duration.optional(),
  maxMismatches: z.number().int().nonnegative().optional(),
  lint: z.strictObject({ rules: z.record(z.string(), severity).optional() }).optional(),
});

/**
 * Checks what a configuration file holds. An unknown key is an error: a misspelt limit would otherwise be no limit.
 *
 * @throws ZmigrateError bad-config naming the key. Values are not repeated: they may be secrets.
 */
export function checkConfig(file: string, value: unknown): Config {
  const result = schema.safeParse(value);
  if (result.success) return result.data satisfies Config;
  const reason = result.error.issues.map(describe).join("; ");
  throw new ZmigrateError("bad-config", { file, reason });
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => [...issue.path, key].join("."));
    return `unknown key ${keys.map((key) => `"${key}"`).join(", ")}`;
  }
  return path === "" ? issue.message : `"${path}" ${lowerFirst(issue.message)}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
