import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { RunnerTransaction } from "../place.js";

/** Files in which a project sets Flyway up, beside its migrations or above them: its own two forms, and Spring Boot's. */
const FILES = [
  "flyway.toml",
  "flyway.conf",
  join("conf", "flyway.toml"),
  join("conf", "flyway.conf"),
  "application.properties",
  "application.yml",
  "application.yaml",
];

/** `src/main/resources/db/migration` is five folders below its project. */
const LEVELS = 6;

/**
 * How Flyway runs the files of a folder that say nothing else: `auto` where no file that is known says more. Its command
 * line and environment are not seen.
 */
export function flywayDefault(folder: string): RunnerTransaction {
  const texts = settingsAbove(resolve(folder));
  // True is what holds without it, and leaves files alone that must run without one.
  if (said(texts, /executeInTransaction|execute-in-transaction/i) === false) return "none";
  return said(texts, /mixed/) === true ? "mixed" : "auto";
}

/** Whether Flyway replaces `${name}` in a script: it does where neither its own `.conf` nor a file of settings says otherwise. */
export function flywayReplaces(file: string): boolean {
  if (/^\s*placeholderReplacement\s*[=:]\s*false\s*$/im.test(textAt(`${file}.conf`).join(""))) return false;
  return said(settingsAbove(dirname(resolve(file))), /placeholderReplacement|placeholder-replacement/i) !== false;
}

/** What the nearest of the texts that say it says of a setting; null where none does. */
const said = (texts: readonly string[], key: RegExp): boolean | null =>
  texts.map((text) => truth(text, key)).find((t) => t !== null) ?? null;

/** The nearest first. A project ends where its repository does. */
function settingsAbove(start: string): readonly string[] {
  const texts: string[] = [];
  let folder = start;
  for (let level = 0; level < LEVELS; level++) {
    texts.push(...FILES.flatMap((name) => textAt(join(folder, name))));
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return texts;
}

/** `flyway.mixed=true`, `spring.flyway.mixed: true`, and `mixed = true` below `[flyway]` or `flyway:`. */
function truth(text: string, key: RegExp): boolean | null {
  const line = new RegExp(
    String.raw`^[ \t]*(?:(?:spring\.)?flyway\.)?(?:${key.source})[ \t]*[=:][ \t]*"?(true|false)`,
    `m${key.flags}`,
  );
  if (!/flyway/.test(text)) return null;
  const [, value] = line.exec(text) ?? [];
  return value === undefined ? null : value === "true";
}

function textAt(file: string): readonly string[] {
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
