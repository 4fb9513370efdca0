import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/commands/index.js";
import type { Config } from "../../src/config/define.js";
import { engineFor } from "../../src/config/engine.js";
import type { SettingsFlags } from "../../src/config/given.js";
import { checkConfig } from "../../src/config/schema.js";
import { resolveSettings } from "../../src/config/settings.js";
import { GATES } from "../../src/gates/index.js";
import { blocksOf, commandLines, linksOf, readText, tableOf } from "./markdown.js";

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/adopting.md",
  "docs/fleets.md",
  "migrations-example/postgres/README.md",
  "migrations-example/mysql/README.md",
];

/** The command as commander has it: what `--help` prints is made from the same. */
async function commandOf(name: string): Promise<Command | null> {
  const entry = COMMANDS.find((c) => c.name === name);
  if (entry === undefined) return null;
  const command = new Command(name);
  (await entry.load()).command.configure(command);
  return command;
}

const GLOBAL_FLAGS = ["--help", "--version"];

/** What a reader cannot type, of a command line. */
async function unknownIn(args: readonly string[]): Promise<readonly string[]> {
  const [name = "", ...rest] = args;
  if (name.startsWith("-")) return args.filter((arg) => arg.startsWith("-") && !GLOBAL_FLAGS.includes(arg));
  const command = await commandOf(name);
  if (command === null) return [name];
  const flags = command.options.map((option) => option.long);
  return rest.filter((arg) => arg.startsWith("--") && !flags.includes(arg) && !GLOBAL_FLAGS.includes(arg));
}

describe.each(DOCUMENTS)("%s", (file) => {
  it("names commands and flags that are there", async () => {
    const wrong: string[] = [];
    for (const { text, args } of commandLines(file))
      for (const unknown of await unknownIn(args)) wrong.push(`${text}: ${unknown}`);
    expect(wrong).toEqual([]);
  });

  it("links to files that are there", () => {
    expect(linksOf(file).filter((link) => !existsSync(join(dirname(file), link)))).toEqual([]);
  });
});

describe("the check itself", () => {
  it("sees a command, a flag and a command in running text", async () => {
    expect(await unknownIn(["aply"])).toEqual(["aply"]);
    expect(await unknownIn(["apply", "--relase", "1"])).toEqual(["--relase"]);
    expect(await unknownIn(["--helpp"])).toEqual(["--helpp"]);
    expect(commandLines("README.md").map((line) => line.args.join(" "))).toEqual(
      expect.arrayContaining([
        "lint",
        "apply --contract --release 3",
        "rollback ID",
        'apply --contract --release "$RELEASE"',
      ]),
    );
  });
});

describe("README.md", () => {
  it("shows a configuration that is one, with the defaults", async () => {
    const [json] = blocksOf("README.md").filter((block) => block.language === "json");
    const shown = checkConfig("README.md", JSON.parse(json?.text ?? ""));
    const { engine, migrations, maxLagMs, lockTimeoutMs, lockWaitMs, batchTargetMs, workers, ...others } =
      await resolveSettings({}, {}, "/");
    const { parkMs, soakMs, maxMismatches, maxBadRows } = others;
    expect(await resolveSettings(flagsOf(shown), {}, "/")).toMatchObject({
      ...{ engine, migrations, maxLagMs, lockTimeoutMs, lockWaitMs, batchTargetMs, workers, parkMs, soakMs },
      ...{ maxMismatches, maxBadRows },
    });
  });

  it("lists settings by the key, the flag and the variable that set them", async () => {
    const rows = tableOf("README.md", "| key | flag | environment | meaning |").map((row) => row.map(uncode));
    expect(rows.length).toBeGreaterThan(10);
    for (const [key = "", flag = "", variable = ""] of rows) {
      expect(checkable(key), key).not.toThrow();
      expect(flag).toBe(FLAGS[key] ?? `--${dashed(key)}`);
      expect(variable).toBe(VARIABLES[key] ?? `ZMIGRATE_${dashed(key).toUpperCase().replaceAll("-", "_")}`);
    }
  });

  it("lists all gates, in the order in which they are checked", () => {
    const rows = tableOf("README.md", "| gate | open when |").map(([name = ""]) => uncode(name));
    expect(rows).toEqual(GATES.map((gate) => gate.name));
  });

  it("names an ignore that hides what the plan takes care of", async () => {
    const example = blocksOf("README.md").find((block) => block.text.includes("zmigrate:ignore"))?.text ?? "";
    const engine = await engineFor("postgres");
    await engine.load();
    const { lintMigrations } = await import("../../src/lint/index.js");
    const options = { engine, version: engine.oldestVersion, severities: {} };
    const found = (text: string) => lintMigrations([{ file: "x.sql", text, report: true }], options).findings;
    expect(found(example)).toEqual([]);
    expect(found(example.split("\n").slice(1).join("\n")).map((f) => f.rule)).toEqual(["renaming-column"]);
  });

  it("has the two commands, and no badge", () => {
    const text = readText("README.md");
    expect(text).toContain("npm ci && npm run demo");
    expect(text).toContain("npm ci && npm test");
    expect(text).not.toMatch(/!\[/);
  });
});

const uncode = (cell: string): string => cell.replaceAll("`", "");
/** Where it is not the key, in kebab case. */
const FLAGS: Readonly<Record<string, string>> = { replicaUrls: "--replica-url", environments: "--env, --only" };
const VARIABLES: Readonly<Record<string, string>> = { databaseUrl: "DATABASE_URL", environments: "ZMIGRATE_ENV" };
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Whether the configuration knows a key: a value of the wrong type is told apart from an unknown key. */
const checkable = (key: string) => () => {
  try {
    checkConfig("x", { [key]: {} });
  } catch (error) {
    if (String(error).includes("unknown key")) throw error;
  }
};

/** The texts of a configuration as flags. */
const flagsOf = ({ lint: _, replicaUrls: __, queries: ___, ...texts }: Config): SettingsFlags =>
  Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, String(value)]));
