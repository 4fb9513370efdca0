import { engineFor } from "../../src/config/engine.js";
import { parseVersion } from "../../src/config/version.js";
import type { EngineName } from "../../src/engines/engine.js";
import { lintMigrations } from "../../src/lint/index.js";
import type { Finding } from "../../src/model/finding.js";

/** Files in their order, whose last one is judged. Without a version, the oldest that the engine supports. */
export async function judged(
  files: readonly string[],
  name: EngineName = "postgres",
  version?: string,
): Promise<readonly Finding[]> {
  const engine = await engineFor(name);
  await engine.load();
  const inputs = files.map((text, at) => ({ file: `${at}.sql`, text, report: at === files.length - 1 }));
  const on = version === undefined ? engine.oldestVersion : (parseVersion(version) ?? engine.oldestVersion);
  return lintMigrations(inputs, { engine, version: on, severities: {} }).findings;
}

/** The rules that speak with a warning or an error. */
export async function rules(files: readonly string[], name?: EngineName, version?: string): Promise<string> {
  const loud = (await judged(files, name, version)).filter(({ severity }) => severity !== "info");
  return [...new Set(loud.map(({ rule }) => rule))].join(" ");
}

/** All rules that speak. */
export async function allRules(files: readonly string[], name?: EngineName, version?: string): Promise<string> {
  return [...new Set((await judged(files, name, version)).map(({ rule }) => rule))].join(" ");
}
