import { RULES } from "../../rules/index.js";
import type { Example, Rule } from "../../rules/rule.js";
import type { SettingsFlags } from "../config/given.js";
import { resolveSettings } from "../config/settings.js";
import { ZmigrateError } from "../errors.js";
import { nearest } from "../files/similar.js";
import { INPUT_RULES } from "../lint/input-rules.js";
import { rulesOf } from "../lint/rules.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";
import { addSettings } from "./settings.js";

export const command: CommandSpec = {
  configure: (c) =>
    addSettings(c.argument("[rule]", "a rule's name, as lint prints it; without it all rules are listed"), ["config"]),
  run: (c, io) => explain(c.args[0] ?? null, io, c.opts<Pick<SettingsFlags, "config">>()),
};

/**
 * Prints what a rule protects from, with examples; without a name, the list of the rules, those of the configuration
 * among them. The configuration is not read for a rule of zmigrate's.
 *
 * @throws ZmigrateError usage: no such rule; bad-config
 */
export async function explain(id: string | null, io: Io, flags: Pick<SettingsFlags, "config"> = {}): Promise<ExitCode> {
  const built = id === null ? null : explanation(id, RULES);
  io.stdout.write(built ?? (await fromAll(id, await allRules(flags, io))));
  return 0;
}

async function allRules(flags: Pick<SettingsFlags, "config">, io: Io): Promise<readonly Rule[]> {
  return rulesOf(await resolveSettings(flags, io.env, io.cwd, "files"));
}

const idsOf = (rules: readonly Rule[]): readonly string[] => [...rules, ...INPUT_RULES].map((rule) => rule.id);

async function fromAll(id: string | null, rules: readonly Rule[]): Promise<string> {
  if (id === null) return list(rules);
  const found = explanation(id, rules);
  if (found !== null) return found;
  const meant = nearest(id, idsOf(rules));
  const help = meant === null ? "`zmigrate explain` lists the rules." : `Did you mean "${meant}"?`;
  throw new ZmigrateError("usage", { reason: `There is no rule "${id}".`, help });
}

function list(rules: readonly Rule[]): string {
  const width = Math.max(...idsOf(rules).map((id) => id.length));
  return [...rules, ...INPUT_RULES].map((rule) => `${rule.id.padEnd(width)}  ${rule.protects}\n`).join("");
}

function explanation(id: string, rules: readonly Rule[]): string | null {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return ruleText(rule);
  const input = INPUT_RULES.find((candidate) => candidate.id === id);
  if (input !== undefined)
    return `${input.id} (${input.severity ?? "error"}, every engine; cannot be ignored)\n\n${input.protects}\n${input.help}\n`;
  return null;
}

function ruleText(rule: Rule): string {
  const severity = rule.defaultOff === true ? `${rule.severity}, off unless configured` : rule.severity;
  const head = `${rule.id} (${severity}; ${rule.engines.join(", ")})\n\n${rule.protects}\n`;
  const bad = rule.bad.map((example) => exampleText("Finds", example, rule));
  const good = rule.good.map((example) => exampleText("Passes", example, rule));
  return [head, ...bad, ...good, `Ignore it once:\n\n  -- zmigrate:ignore ${rule.id} -- why it is safe here\n`].join(
    "\n",
  );
}

/** Engines and version are said where the example is not for all of the rule's. */
function exampleText(verb: string, { sql, engines, version }: Example, rule: Rule): string {
  const some = engines !== undefined && engines.length < rule.engines.length ? engines.join(", ") : "";
  const where = [some, version ?? ""].filter((part) => part !== "").join(" ");
  const title = where === "" ? `${verb}:` : `${verb} (${where}):`;
  return `${title}\n\n${sql.replace(/^/gm, "  ")}\n`;
}
