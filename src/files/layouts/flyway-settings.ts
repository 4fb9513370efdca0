import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exactly } from "../../exactly.js";
import type { RunnerTransaction } from "../place.js";
import { textIfThere } from "../read.js";

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

/**
 * What Flyway replaces in a script, `${name}` where no file of settings has other marks; null where the script's own `.conf`, or
 * one of these, says that it replaces nothing.
 */
export function flywayPlaceholder(file: string): RegExp | null {
  if (/^\s*placeholderReplacement\s*[=:]\s*false\s*$/im.test(textIfThere(`${file}.conf`) ?? "")) return null;
  const texts = settingsAbove(dirname(resolve(file)));
  if (said(texts, /placeholderReplacement|placeholder-replacement/i) === false) return null;
  const mark = (key: RegExp, usual: string) => exactly(nearest(texts, (text) => valueIn(text, key)) ?? usual);
  const [prefix, suffix] = [
    mark(/placeholderPrefix|placeholder-prefix/i, "${"),
    mark(/placeholderSuffix|placeholder-suffix/i, "}"),
  ];
  return new RegExp(`${prefix}[^\n]*?${suffix}`, "g");
}

/** What the nearest of the texts that say something says; null where none does. */
const nearest = <T>(texts: readonly string[], read: (text: string) => T | null): T | null =>
  texts.map(read).find((t) => t !== null) ?? null;

/** What the nearest of the texts that say it says of a setting; null where none does. */
const said = (texts: readonly string[], key: RegExp): boolean | null => nearest(texts, (text) => truth(text, key));

/** The nearest first. A project ends where its repository does. */
function settingsAbove(start: string): readonly string[] {
  const texts: string[] = [];
  let folder = start;
  for (let level = 0; level < LEVELS; level++) {
    texts.push(...FILES.flatMap((name) => textIfThere(join(folder, name)) ?? []));
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  return texts;
}

/** `flyway.mixed=true`, `spring.flyway.mixed: true`, and `mixed = true` below `[flyway]` or `flyway:`. */
function valueIn(text: string, key: RegExp): string | null {
  const line = new RegExp(
    String.raw`^[ \t]*(?:(?:spring\.)?flyway\.)?(?:${key.source})[ \t]*[=:][ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([^\n]*))`,
    `m${key.flags}`,
  );
  if (!/flyway/.test(text)) return null;
  const [, quoted, single, bare] = line.exec(text) ?? [];
  const escaped = quoted ?? bare?.trim();
  return single ?? escaped?.replace(/\\(.)/g, "$1") ?? null;
}

function truth(text: string, key: RegExp): boolean | null {
  const [value] = /^(?:true|false)/.exec(valueIn(text, key) ?? "") ?? [];
  return value === undefined ? null : value === "true";
}
