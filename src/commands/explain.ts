import { RULES } from "../../rules/index.js";
import type { Example, Rule } from "../../rules/rule.js";
import { ZmigrateError } from "../errors.js";
import { nearest } from "../files/similar.js";
import { INPUT_RULES } from "../lint/input-rules.js";
import type { CommandSpec, ExitCode, Io } from "./command.js";

export const command: CommandSpec = {
  configure: (c) => c.argument("[rule]", "a rule's name, as lint prints it; without it all rules are listed"),
  run: (c, io) => explain(c.args[0] ?? null, io),
};

/**
 * Prints what a rule protects from, with examples; without a name, the list of the rules.
 *
 * @throws ZmigrateError usage: no such rule
 */
export async function explain(id: string | null, io: Io): Promise<ExitCode> {
  io.stdout.write(id === null ? list() : explanation(id));
  return 0;
}

const ids = (): readonly string[] => [...RULES, ...INPUT_RULES].map((rule) => rule.id);

function list(): string {
  const width = Math.max(...ids().map((id) => id.length));
  return [...RULES, ...INPUT_RULES].map((rule) => `${rule.id.padEnd(width)}  ${rule.protects}\n`).join("");
}

function explanation(id: string): string {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule !== undefined) return ruleText(rule);
  const input = INPUT_RULES.find((candidate) => candidate.id === id);
  if (input !== undefined)
    return `${input.id} (error, every engine; cannot be ignored)\n\n${input.protects}\n${input.help}\n`;
  const meant = nearest(id, ids());
  const help = meant === null ? "`zmigrate explain` lists the rules." : `Did you mean "${meant}"?`;
  throw new ZmigrateError("usage", { reason: `There is no rule "${id}".`, help });
}

function ruleText(rule: Rule): string {
  const head = `${rule.id} (${rule.severity}; ${rule.engines.join(", ")})\n\n${rule.protects}\n`;
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
