import type { Io, Output } from "./command.js";

/** The flags by which a command is told where to look. */
export const PLACE_FLAGS = ["config", "migrations", "env", "only"] as const;

/** What a command was told about where to look. */
export type PlaceFlags = Readonly<Partial<Record<(typeof PLACE_FLAGS)[number], unknown>>>;

const WITHOUT_DATABASE: readonly string[] = ["init", "new", "lint", "import", "explain", "demo"];

/** Commands that have no such flag; all others have it. */
export const LACKING: Readonly<Record<(typeof PLACE_FLAGS)[number], ReadonlySet<string>>> = Object.freeze({
  config: new Set(["init", "demo"]),
  migrations: new Set(["init", "explain", "history", "demo"]),
  env: new Set(WITHOUT_DATABASE),
  only: new Set(WITHOUT_DATABASE),
});

/** A command between backticks. */
const PRINTED = /`zmigrate ([a-z]+)((?: [^`\n]*)?)`/g;

/** What needs no quotes in a shell. */
const PLAIN = /^[\w./:@%+,=-]+$/;
/** What cannot stand between quotes of a shell, backticks and JSON as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for.
const UNQUOTABLE = /['"\\`\x00-\x1f\x7f]/;

/** Null for what cannot be written. */
const wordOf = (value: string): string | null =>
  PLAIN.test(value) ? value : UNQUOTABLE.test(value) ? null : `'${value}'`;

/**
 * A text in which each command that a person may paste says where to look, as the running one was told.
 *
 * @example
 * withPlace("Run `zmigrate apply` again.", { env: "staging" }) // "Run `zmigrate apply --env staging` again."
 */
export function withPlace(text: string, given: PlaceFlags): string {
  const words = PLACE_FLAGS.flatMap((flag) =>
    [given[flag] ?? []].flat().flatMap((value) => {
      const word = wordOf(String(value));
      return word === null ? [] : [{ flag, text: ` --${flag} ${word}` }];
    }),
  );
  if (words.length === 0) return text;
  return text.replace(PRINTED, (_, verb: string, rest: string) => {
    const more = words.filter(({ flag }) => !LACKING[flag].has(verb) && !rest.includes(`--${flag} `));
    return `\`zmigrate ${verb}${rest}${more.map((word) => word.text).join("")}\``;
  });
}

/** The same for all that a command writes. */
export function sayingPlace(io: Io, given: PlaceFlags): Io {
  const output = (to: Output): Output => ({ ...to, write: (text) => to.write(withPlace(text, given)) });
  return { ...io, stdout: output(io.stdout), stderr: output(io.stderr) };
}
