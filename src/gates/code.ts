import type { ZodType } from "zod";
import type { Zod } from "../engines/signal.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import { closed, type Gate, open } from "./gate.js";
import { goingAt } from "./going.js";

const GATE = "code";
/** How many places are told. */
const TOLD = 5;

/** How `gates.code` is read: globs of source files. */
export const codeSetting = (z: Zod): ZodType<readonly string[], string | readonly string[]> =>
  oneOrMore<string, string>(z, z.string().min(1));

/** As mappers of objects spell it: `user_email` is `userEmail` and `UserEmail`. */
function spellings(name: string): readonly string[] {
  const camel = name.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  return [...new Set([name, camel, `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`])];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The names as whole words; upper and lower case are one to SQL. */
function wordOf(names: readonly string[]): RegExp {
  const words = [...new Set(names.flatMap(spellings))].map(escaped);
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`, "iu");
}

/** `src/users.ts:12`, for each line that has a name. */
function placesIn(file: string, text: string, word: RegExp): string[] {
  if (!word.test(text)) return [];
  return text.split("\n").flatMap((line, i) => (word.test(line) ? [`${file}:${i + 1}`] : []));
}

/**
 * No source file that `gates.code` names has the name of what goes: a search for whole words, in the folder in which
 * zmigrate runs.
 */
export const code: Gate = {
  name: GATE,
  async check(context) {
    const { code: globs = [] } = context.settings;
    const names = goingAt(context).map(({ relation, column }) => column ?? relation.name);
    if (globs.length === 0 || names.length === 0) return null;
    const [{ expandPaths }, { readText }] = await Promise.all([
      import("../files/globs.js"),
      import("../files/read.js"),
    ]);
    const files = await expandPaths(globs);
    const word = wordOf(names);
    const places = files.flatMap((file) => placesIn(file, readText(file), word));
    const evidence = { names, files: files.length, places };
    const told = names.join(", ");
    if (places.length === 0) return open(GATE, `${told} is in none of ${files.length} files`, evidence);
    const more = places.length > TOLD ? `, and ${places.length - TOLD} more` : "";
    return closed(GATE, `${told} is in ${places.slice(0, TOLD).join(", ")}${more}`, evidence);
  },
};
