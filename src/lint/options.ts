import type { Settings } from "../config/settings.js";
import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { nearest } from "../files/similar.js";
import { judgedVersion } from "./judged-version.js";
import type { LintOptions } from "./rule-set.js";
import { rulesOf } from "./rules.js";

/**
 * How settings want files judged. Without a version it is for every server that is supported, and the worst answer
 * counts.
 *
 * @param engine loaded
 * @throws ZmigrateError usage: a server that is older than what is known; bad-config: a rule that does not exist would otherwise stay switched on, or off, in silence; a
 * rule of the configuration's own with an id that is taken
 */
export function lintOptions(settings: Settings, engine: Engine): LintOptions & Required<Pick<LintOptions, "rules">> {
  const rules = rulesOf(settings);
  refuseUnknown(
    settings,
    rules.map(({ id }) => id),
  );
  const style = Object.fromEntries(
    rules.filter(({ defaultOff }) => defaultOff === true).map(({ id }) => [id, settings.lint.style]),
  );
  const { note: _, ...versions } = judgedVersion(settings.serverVersion, engine);
  return { engine, ...versions, severities: { ...style, ...settings.lint.rules }, rules };
}

function refuseUnknown({ lint, configFile }: Settings, known: readonly string[]): void {
  const unknown = Object.keys(lint.rules).find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const reason = `lint.rules: there is no rule "${unknown}"${meant === null ? "" : `; did you mean "${meant}"?`}`;
  throw new ZmigrateError("bad-config", { file: configFile ?? "configuration", reason });
}
