/** Percona's tools cut a DSN at commas: those in a value, and backslashes, are escaped. */
const part = ([name, value]: readonly [string, string]): string => `${name}=${value.replace(/[\\,]/g, "\\$&")}`;

/**
 * A DSN as Percona's tools take it.
 *
 * @example dsnOf({ D: "app", t: "a,b" }) // D=app,t=a\,b
 */
export const dsnOf = (parts: Readonly<Record<string, string>>): string => Object.entries(parts).map(part).join(",");
