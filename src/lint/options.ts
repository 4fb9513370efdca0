import { RULES } from "../../rules/index.js";
import type { Settings } from "../config/settings.js";
import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { nearest } from "../files/similar.js";
import type { LintOptions } from "./file.js";

/**
 * How settings want files judged.
 *
 * @param engine loaded
 * @throws ZmigrateError bad-config: a rule that does not exist would otherwise stay switched on, or off, in silence
 */
export function lintOptions(settings: Settings, engine: Engine): LintOptions {
  const known = RULES.map((rule) => rule.id);
  const unknown = Object.keys(settings.lint.rules).find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, known);
    const reason = `lint.rules: there is no rule "${unknown}"${meant === null ? "" : `; did you mean "${meant}"?`}`;
    throw new ZmigrateError("bad-config", { file: settings.configFile ?? "configuration", reason });
  }
  return { engine, version: settings.serverVersion ?? engine.oldestVersion, severities: settings.lint.rules };
}
