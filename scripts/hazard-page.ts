import { RULES } from "../rules/index.js";
import { engineFor } from "../src/config/engine.js";
import { parseVersion } from "../src/config/version.js";
import type { EngineName } from "../src/engines/engine.js";
import { placeOf } from "../src/files/layouts/place-of.js";
import { lintMigrations } from "../src/lint/index.js";
import { HAZARDS, type Hazard } from "./hazards.js";

/** Which rules speak of a hazard, those of style too; each once, in the order of their names. */
export async function rulesOn({ sql, version }: Hazard, name: EngineName): Promise<readonly string[]> {
  const engine = await engineFor(name);
  await engine.load();
  const severities = Object.fromEntries(
    RULES.filter((rule) => rule.defaultOff === true).map(({ id }) => [id, "info"] as const),
  );
  const options = { engine, version: (version === undefined ? null : parseVersion(version)) ?? engine.oldestVersion };
  const inputs = [{ ...placeOf("hazard.sql", sql, null), report: true }];
  const { findings } = lintMigrations(inputs, { ...options, severities });
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}

/** The rules of style say something of nearly everything: they are named where nobody else speaks. */
const OFF: ReadonlySet<string> = new Set(RULES.filter((rule) => rule.defaultOff === true).map(({ id }) => id));

async function row(hazard: Hazard, engine: EngineName): Promise<string> {
  const rules = await rulesOn(hazard, engine);
  const loud = rules.filter((id) => !OFF.has(id));
  const links = (loud.length === 0 ? rules : loud).map((id) => `[${id}](${id}.md)`).join(", ");
  const sql = hazard.sql.replaceAll("\n", " ").replaceAll("|", "\\|").trim();
  return `| ${hazard.name} | \`${sql}\` | ${links} |`;
}

/** The page that says which hazard is caught by which rule, from what the rules say. */
export async function hazardPage(): Promise<string> {
  const parts = [
    "# Which hazard is caught by which rule\n",
    "Made from what `zmigrate lint` says of each of these files.\n",
  ];
  for (const { engine, title, list } of HAZARDS) {
    const rows = [];
    for (const hazard of list) rows.push(await row(hazard, engine));
    parts.push(`## ${title}\n`, `| hazard | for example | rules |\n|---|---|---|\n${rows.join("\n")}\n`);
  }
  return parts.join("\n");
}
