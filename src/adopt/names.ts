import { basename, dirname } from "node:path";
import { LONGEST_SLUG } from "../files/name.js";

/** Digits in a migration's name. */
const DIGITS = 14;

/** A second of UTC as 14 digits: of a number in front that is one already, or the milliseconds since 1970. */
function secondOf(digits: string): string | null {
  if (digits.length === DIGITS) return digits;
  if (digits.length !== 13) return null;
  return new Date(Number(digits)).toISOString().replace(/\D/g, "").slice(0, DIGITS);
}

const rises = (ids: readonly (string | null)[]): ids is readonly string[] =>
  ids.every((id, at) => id !== null && (at === 0 || (ids[at - 1] ?? "") < id));

/**
 * The 14 digits of files in their order: the moments that stand in their names or versions, where all have one and these
 * rise; else their places, `00000000000001` first. New files stand behind either.
 *
 * @param files each with its path and its version
 */
export function idsOf(files: readonly { readonly path: string; readonly version: string }[]): readonly string[] {
  const moments = files.map(({ path, version }) => {
    const [, digits = ""] = /^[Vv]?(\d+)/.exec(nameOf(path)) ?? [];
    return secondOf(digits) ?? (/^\d{13}$/.test(version) ? secondOf(version) : null);
  });
  return rises(moments) ? moments : files.map((_, at) => String(at + 1).padStart(DIGITS, "0"));
}

/** A migration of Prisma or Drizzle has the name of its folder. */
const nameOf = (path: string): string =>
  basename(path) === "migration.sql" ? basename(dirname(path)) : basename(path);

/** What a name says besides its number: `V1_2__Add user's age.sql` is `Add_user_s_age`. */
export function slugOf(path: string): string {
  const words = nameOf(path)
    .replace(/(?:\.up)?\.(?:sql|[cm]?[jt]s)$/i, "")
    .replace(/^(?:R__|[Vv]?\d+(?:[._]\d+)*[._-]*)/, "")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^[_-]+|[_-]+$/g, "");
  return words === "" ? "migration" : words.slice(0, LONGEST_SLUG);
}
