import { ZmigrateError } from "../errors.js";

/** What a password must not hold as it is, and how it is written instead. */
const ENCODE = "percent-encode @ as %40, / as %2F, # as %23, ? as %3F, : as %3A, % as %25 and a space as %20";

/** No colon stands behind the word "password": what follows one is hidden wherever it is printed. */
const HELD = `its user name or password holds an @, /, # or ? as it is; ${ENCODE}`;

/** Each with what it means for a URL that parses all the same: a part of a password would be taken for the host. */
const PROBLEMS: readonly (readonly [text: RegExp, reason: string])[] = [
  [/^$/, "it is empty; is the variable that it comes from set?"],
  [/^(?![a-z][a-z0-9+.-]*:\/)/i, "it is not a URL"],
  [/^(?![a-z][a-z0-9+.-]*:\/\/)/i, "two slashes are missing behind its scheme"],
  // Of what stands before the host, only a user name or a password may hold such a letter, and neither as it is.
  [/^[^/]*\/\/[^/?#]*@.*@|^[^/]*\/\/[^/?#@]*[/?#].*@/s, HELD],
  [/#/, `there is a # in it: ${ENCODE}`],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  [/[\s\u0000-\u001f\u007f]/, `there is a space or a line end in it: ${ENCODE}`],
  [/%(?![0-9a-f]{2})/i, `there is a % in it that is not %XX: ${ENCODE}`],
];

const isDecodable = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== null;
  } catch {
    return false;
  }
};

/** A port of digits that no server has, or one of other letters. The text is not repeated: it may be of a password. */
function portProblem(url: string): string | null {
  const [, authority = ""] = /^[^/]*\/\/([^/?]*)/.exec(url) ?? [];
  const [, port] = /^(?:\[[^\]]*\]|[^:[]*):(.*)$/.exec(authority.slice(authority.indexOf("@") + 1)) ?? [];
  if (port === undefined || port === "") return null;
  if (!/^\d+$/.test(port)) return "its port is not a number";
  return port.length > 5 || Number(port) < 1 || Number(port) > 65_535 ? "its port is not between 1 and 65535" : null;
}

/**
 * Why a text is no URL of a database, as what follows "is not usable:"; null when it is one. Not a letter of the text is
 * in it: with an `@` or `/` that was not encoded, any part may be one of a password.
 *
 * @example
 * urlProblem("postgres://u:p/w@h/d") // "its user name or password holds an @, /, # or ? as it is; percent-encode ..."
 */
export function urlProblem(url: string): string | null {
  const found = PROBLEMS.find(([text]) => text.test(url));
  if (found !== undefined) return found[1];
  const port = portProblem(url);
  if (port !== null) return port;
  if (!URL.canParse(url)) return "it is not a URL";
  const { username, password, pathname } = new URL(url);
  const broken = [username, password, pathname].some((part) => !isDecodable(part));
  return broken ? `there is a % in it whose %XX are no UTF-8 text: ${ENCODE}` : null;
}

/** @throws ZmigrateError bad-database-url */
export function parseDatabaseUrl(url: string): URL {
  const reason = urlProblem(url);
  if (reason !== null) throw new ZmigrateError("bad-database-url", { reason });
  return new URL(url);
}
