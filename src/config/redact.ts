const HIDDEN = "***";

/** `scheme://user:password@`: up to the last @ of the word, since a password that was not encoded may hold any of `:/@`. */
const IN_URL = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s]*@/gi;

/** `password=...` in a URL's query, a connection string or JSON; not MySQL's `(using password: YES)`. */
const IN_SETTING =
  /(\b(?:password|passwd|pwd|pgpassword|mysql_pwd)["']?\s*[=:]\s*)(?!(?:YES|NO)\))(?:"[^"]*"|'[^']*'|[^\s&;,"'}]+)/gi;

/** What the servers say themselves: the words tell nothing of a password, and a word hidden among them would. */
const SAID_BY_SERVERS = /\(using password: (?:YES|NO)\)|password authentication failed for user/g;

/**
 * Hides passwords in a text that is about to be printed: in URLs, in `password=...`, and the given secrets wherever they
 * stand (see `secretsOf`). Secrets that overlap are hidden together: of none a part stays.
 *
 * @example
 * redact("postgres://app:s3cret@db/shop") // "postgres://app:***@db/shop"
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return hidden(text, secrets).replace(IN_URL, `$1:${HIDDEN}@`).replace(IN_SETTING, `$1${HIDDEN}`);
}

/** Half-open, in characters of the text. */
type Range = readonly [from: number, to: number];

function hidden(text: string, secrets: readonly string[]): string {
  const said = [...text.matchAll(SAID_BY_SERVERS)].map((m): Range => [m.index, m.index + m[0].length]);
  const isSaid = ([from, to]: Range) => said.some(([start, end]) => start <= from && to <= end);
  const ranges = secrets.flatMap((secret) => rangesOf(text, secret)).filter((range) => !isSaid(range));
  let shown = "";
  let at = 0;
  for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
    if (from > at || shown === "") shown += `${text.slice(at, Math.max(at, from))}${HIDDEN}`;
    at = Math.max(at, to);
  }
  return shown + text.slice(at);
}

/** Every place, those that overlap too: `aXaXa` holds `aXa` twice. */
function rangesOf(text: string, secret: string): Range[] {
  const ranges: Range[] = [];
  for (let at = text.indexOf(secret); at !== -1 && secret !== ""; at = text.indexOf(secret, at + 1))
    ranges.push([at, at + secret.length]);
  return ranges;
}

/** Shorter ones are found in URLs only: to hide every "a" of a message would hide the message. */
const SHORTEST_SECRET = 4;

/** From the first colon behind the user to the last @: a password that was not encoded may hold anything. */
const CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/([^\s:/@]*):(.*)@([^@]*)$/is;
const QUERY = /[?&](?:password|passwd|pwd)=([^&#]*)/gi;

/**
 * The passwords of the URLs in texts such as arguments and environment values: as written, decoded, as other programs
 * encode them, and in the parts that a URL falls into when an `@` or `/` was not encoded. One that is also the user's,
 * the host's or the database's name is left out: as such it is no secret, and behind a user's colon it is hidden all the
 * same.
 *
 * @example
 * secretsOf(["mysql://u:p%40ssword@h/d"]) // ["p%40ssword", "p@ssword"]
 */
export function secretsOf(texts: readonly string[]): readonly string[] {
  const all = texts.flatMap((text) => urlsIn(text).flatMap(secretsOfUrl));
  return Object.freeze([...new Set(all)].filter((secret) => secret.length >= SHORTEST_SECRET));
}

/** A text may hold several, as ZMIGRATE_REPLICA_URLS does; the whole is taken too, should a password look like two. */
function urlsIn(text: string): readonly string[] {
  const parts = text.split(/(?=\b[a-z][a-z0-9+.-]*:\/\/)/i).map((part) => part.replace(/[\s,"'`]+$/, ""));
  return [...new Set([text, ...parts])].filter((part) => part.includes("://"));
}

function secretsOfUrl(url: string): readonly string[] {
  const start = url.search(/[a-z][a-z0-9+.-]*:\/\//i);
  const [, user = "", written, place = ""] = CREDENTIALS.exec(url.slice(Math.max(0, start))) ?? [];
  const inQuery = [...url.matchAll(QUERY)].flatMap(([, value]) => value ?? []);
  const known = new Set([user, ...place.split(/[/?#:]/)].map(decoded));
  const passwords = [...(written === undefined ? [] : [written]), ...inQuery];
  const parts = passwords.flatMap((password) => password.split(/[@/?#\s]/));
  return [...passwords, ...parts].flatMap(formsOf).filter((secret) => !known.has(decoded(secret)));
}

/**
 * A password in the spellings in which programs print one: as it is, percent-encoded, in JSON, an option file, a shell's words
 * and SQL. One that is also a name, or shorter than is looked for, has none: see {@link secretsOf}.
 *
 * @param names what is no secret: the user's, the host's, the database's name
 * @example
 * spellingsOf("it's", []) // ["it's", "it%27s", "it'\\''s", "it''s", "it\\'s"]
 */
export function spellingsOf(password: string, names: readonly string[]): readonly string[] {
  if (names.includes(password)) return [];
  // A program's output is read line by line.
  const texts = [password, ...password.split(/[\r\n]+/)];
  return [...new Set(texts.flatMap(formsOf))].filter((form) => form.length >= SHORTEST_SECRET);
}

const formsOf = (written: string): readonly string[] => {
  const plain = decoded(written);
  return [...new Set([written, plain])].flatMap((text) => [text, ...percentEncoded(text), ...quotedForms(text)]);
};

/** In capitals and not, and by what the encoders of several languages leave as it is. */
function percentEncoded(plain: string): readonly string[] {
  const all = encoded(plain);
  const strict = all.replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const kept = (characters: RegExp) => strict.replace(characters, decoded);
  const forms = [
    all,
    strict,
    kept(/%2F/g),
    kept(/%(?:24|26|2B|2C|3B|3D)/g),
    kept(/%(?:21|24|26|27|28|29|2A|2B|2C|2F|3A|3B|3D|3F|40)/g),
    strict.replaceAll("%20", "+"),
  ];
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** What stands between the quotes, and in JSON again, as a list of arguments is printed. */
function quotedForms(plain: string): readonly string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const forms = [
    plain.replaceAll("'", "'\\''"),
    plain.replaceAll("'", "''"),
    plain.replaceAll("\\", "\\\\").replaceAll("'", "''"),
    plain.replace(/[\\'"]/g, "\\$&"),
    plain.replace(/[\\"]/g, "\\$&"),
    plain.replace(/[\\"$`]/g, "\\$&"),
    plain.replace(/[^\w@%+=:,./-]/g, "\\$&"),
  ];
  return [inJson(plain), ...forms, ...forms.map(inJson)];
}

/** A lone half of a surrogate pair cannot be encoded. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
