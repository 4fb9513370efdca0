import { RULES } from "../rules/index.js";
import type { Example, Rule } from "../rules/rule.js";
import type { EngineName } from "../src/engines/engine.js";
import { tryExample } from "../src/lint/examples.js";
import type { Finding } from "../src/model/finding.js";
import { hazardPage } from "./hazard-page.js";

/** What one engine says of an example by this rule; null when it says nothing. */
async function said(rule: Rule, example: Example, name: EngineName): Promise<Finding | null> {
  return (await tryExample(rule, example, name)).find((finding) => finding.rule === rule.id) ?? null;
}

const fenced = (sql: string): string => `\`\`\`sql\n${sql}\n\`\`\`\n`;

async function badExample(rule: Rule, example: Example): Promise<string> {
  const texts = new Map<string, EngineName[]>();
  for (const name of example.engines ?? rule.engines) {
    const finding = await said(rule, example, name);
    if (finding === null) continue;
    const text = `> ${finding.message}\n>\n> help: ${finding.help}\n`;
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const answers = [...texts].map(([text, names]) => `On ${names.join(", ")}:\n\n${text}`);
  return [fenced(example.sql), ...answers].join("\n");
}

const goodExample = (rule: Rule, { sql, engines }: Example): string => {
  const some = engines !== undefined && engines.length < rule.engines.length;
  return `${some ? `On ${engines.join(", ")}:\n\n` : ""}${fenced(sql)}`;
};

/** The page of a rule: what it protects from, what it says, how to ignore it. */
export async function rulePage(rule: Rule): Promise<string> {
  const bad = [];
  for (const example of rule.bad) bad.push(await badExample(rule, example));
  return [
    `# ${rule.id}\n`,
    `${rule.severity}${rule.defaultOff === true ? ", off unless the configuration names it" : ""}; ${rule.engines.join(", ")}\n`,
    `${rule.protects}\n`,
    "## It speaks about\n",
    ...bad,
    "## It is silent about\n",
    ...rule.good.map((example) => goodExample(rule, example)),
    "## Where you know better\n",
    fenced(`-- zmigrate:ignore ${rule.id} -- why it is safe here`),
  ].join("\n");
}

/** The list of all rules. */
export function ruleList(): string {
  const rows = (off: boolean) =>
    RULES.filter((r) => (r.defaultOff === true) === off)
      .map((r) => `| [${r.id}](${r.id}.md) | ${r.severity} | ${r.engines.join(", ")} | ${r.protects} |`)
      .join("\n");
  const table = (off: boolean) =>
    `| rule | severity | engines | what it protects from |\n|---|---|---|---|\n${rows(off)}\n`;
  return [
    "# Rules\n",
    "[Which hazard is caught by which rule](hazards.md) · [Rules of your own](../custom-rules.md)\n",
    table(false),
    "## Style\n",
    "These are off until the configuration names them (`lint.rules`), or all of them (`lint.style`).\n",
    table(true),
  ].join("\n");
}

/** Every file of `docs/rules`, by name. */
export async function rulePages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([
    ["README.md", ruleList()],
    ["hazards.md", await hazardPage()],
  ]);
  for (const rule of RULES) pages.set(`${rule.id}.md`, await rulePage(rule));
  return pages;
}
