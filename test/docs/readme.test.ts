import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/commands/index.js";
import { engineFor } from "../../src/config/engine.js";
import { blocksOf, commandLines, linksOf, readText } from "./markdown.js";

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync("docs").flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
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
