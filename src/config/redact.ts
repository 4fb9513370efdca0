const HIDDEN = "***";

/** `scheme://user:password@`: up to the last @ of the word, since a password that was not encoded may hold any of `:/@`. */
const IN_URL = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s"'`]*@/gi;

/** `password=...` in a URL's query, a connection string or JSON. */
const IN_SETTING = /(\b(?:password|passwd|pwd|pgpassword|mysql_pwd)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s&;,"'}]+)/gi;

/**
 * Hides passwords in a text that is about to be printed: in URLs, in `password=...`, and the given secrets wherever they
 * stand (see `secretsOf`).
 *
 * @example
 * redact("postgres://app:s3cret@db/shop") // "postgres://app:***@db/shop"
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const shown = text.replace(IN_URL, `$1:${HIDDEN}@`).replace(IN_SETTING, `$1${HIDDEN}`);
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), shown);
}

/** Shorter ones are found in URLs only: to hide every "a" of a message would hide the message. */
const SHORTEST_SECRET = 4;

/**
 * The passwords of the URLs in texts such as arguments and environment values, as written and decoded.
 *
 * @example
 * secretsOf(["mysql://u:p%40ss@h/d"]) // ["p%40ss", "p@ss"]
 */
export function secretsOf(texts: readonly string[]): readonly string[] {
  const written = texts.flatMap((text) =>
    [...text.matchAll(/:\/\/[^\s:/@]*:(\S*)@/g)].map(([, secret = ""]) => secret),
  );
  const all = new Set(written.flatMap((secret) => [secret, decoded(secret)]));
  return Object.freeze([...all].filter((secret) => secret.length >= SHORTEST_SECRET));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
