import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "mysql2/promise";
import { ZmigrateError } from "../../../errors.js";
import { parseDatabaseUrl } from "../../url.js";
import type { Place } from "../osc/tool.js";

type Tls = NonNullable<ConnectionOptions["ssl"]>;

const bad = (reason: string): never => {
  throw new ZmigrateError("bad-database-url", { reason });
};

function parse(url: string): URL {
  const parsed = parseDatabaseUrl(url);
  if (parsed.protocol !== "mysql:" && parsed.protocol !== "mariadb:")
    return bad(`the scheme ${parsed.protocol}// is not mysql:// or mariadb://`);
  return parsed;
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return bad(`the ${what} has a % that is not %XX`);
  }
}

/**
 * The same for a program that is started beside this one.
 *
 * @throws ZmigrateError bad-database-url
 */
export function placeOf(url: string): Place {
  const parsed = parse(url);
  const query = parsed.searchParams;
  const ca = query.get("ssl-ca");
  const mode = (query.get("ssl-mode") ?? (ca === null ? "DISABLED" : "VERIFY_IDENTITY")).toUpperCase();
  const given = (["REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"] as const).find((m) => m === mode);
  return Object.freeze({
    host: parsed.hostname === "" ? "localhost" : parsed.hostname.replace(/^\[|\]$/g, ""),
    port: parsed.port || "3306",
    socket: query.get("socket"),
    user: decode(parsed.username, "user"),
    password: decode(parsed.password, "password"),
    tls: given === undefined ? null : { mode: given, ca },
  });
}

const databaseOf = (parsed: URL): string => decode(parsed.pathname.replace(/^\//, ""), "database");

/** A URL as a target for messages: `host:port/database`; never user or password. */
export function targetOf(url: string): string {
  const parsed = parse(url);
  const place = parsed.searchParams.get("socket") ?? `${parsed.hostname || "localhost"}:${parsed.port || "3306"}`;
  return `${place}/${databaseOf(parsed)}`;
}

/** `ssl-mode`, as the mysql client names it. PREFERRED would fall back in silence and is not offered. */
function tlsOf(mode: string | null, ca: string | null): Tls | undefined {
  const authority = ca === null ? {} : { ca: readCa(ca) };
  if (mode === null && ca === null) return undefined;
  switch ((mode ?? "VERIFY_IDENTITY").toUpperCase()) {
    case "DISABLED":
      return undefined;
    case "REQUIRED":
      return { ...authority, rejectUnauthorized: false };
    case "VERIFY_CA":
      return { ...authority, rejectUnauthorized: true };
    case "VERIFY_IDENTITY":
      return { ...authority, rejectUnauthorized: true, verifyIdentity: true };
    default:
      return bad(`ssl-mode=${mode} is none of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY`);
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return bad(`the file of ssl-ca cannot be read: ${path}`);
  }
}

/**
 * What the driver needs of `mysql://user:password@host:port/database?ssl-mode=&ssl-ca=&socket=`.
 *
 * @throws ZmigrateError bad-database-url: also for a parameter that is not known, which might have asked for safety
 */
export function connectionOptions(url: string): ConnectionOptions {
  const parsed = parse(url);
  const query = parsed.searchParams;
  const unknown = [...query.keys()].find((key) => !["ssl-mode", "ssl-ca", "socket"].includes(key));
  if (unknown !== undefined) bad(`the parameter ${unknown} is not known (ssl-mode, ssl-ca and socket are)`);
  const database = databaseOf(parsed);
  if (database === "") bad("it names no database");
  const socket = query.get("socket");
  const tls = tlsOf(query.get("ssl-mode"), query.get("ssl-ca"));
  return {
    ...(socket === null
      ? {
          host: parsed.hostname === "" ? "localhost" : parsed.hostname.replace(/^\[|\]$/g, ""),
          port: Number(parsed.port || 3306),
        }
      : { socketPath: socket }),
    user: decode(parsed.username, "user"),
    password: decode(parsed.password, "password"),
    database,
    ...(tls === undefined ? {} : { ssl: tls }),
  };
}
