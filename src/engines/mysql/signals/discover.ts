import type { Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";

/** A replica that the primary knows by address. */
export interface KnownReplica {
  readonly serverId: string;
  readonly host: string;
  readonly port: string;
}

/** What the primary knows of its replicas. */
export interface Discovery {
  readonly serverId: string;
  readonly replicas: readonly KnownReplica[];
  /** Replicas that are connected and do not say where they are (report_host is not set). */
  readonly unnamed: number;
  /** Why the primary cannot be asked; null when it was. */
  readonly blind: string | null;
}

/** MySQL renamed the statement in 8.0.22; MariaDB has its own name. */
const LISTS: Readonly<Record<MysqlDialect, readonly string[]>> = {
  mysql: ["SHOW REPLICAS", "SHOW SLAVE HOSTS"],
  mariadb: ["SHOW REPLICA HOSTS"],
};

/** What lets a user list replicas. */
export const RIGHTS: Readonly<Record<MysqlDialect, string>> = {
  mysql: "REPLICATION SLAVE",
  mariadb: "REPLICATION MASTER ADMIN",
};

async function list(primary: Session, dialect: MysqlDialect): Promise<Record<string, unknown>[]> {
  let last: unknown;
  for (const sql of LISTS[dialect])
    try {
      return await primary.query(sql);
    } catch (error) {
      last = error;
    }
  throw last;
}

/** The replicas that have registered at the primary. A user who may not look is told so, and sees no "none". */
export async function discover(primary: Session, dialect: MysqlDialect): Promise<Discovery> {
  const [own] = await primary.query<{ id: string; log: number }>("SELECT @@server_id AS id, @@GLOBAL.log_bin AS log");
  const nothing = { serverId: String(own?.id ?? ""), replicas: [], unnamed: 0, blind: null };
  if (Number(own?.log ?? 0) === 0) return nothing;
  try {
    const rows = await list(primary, dialect);
    const all = rows.map((row) => ({
      serverId: String(row.Server_Id ?? row.Server_id ?? ""),
      host: String(row.Host ?? ""),
      port: String(row.Port ?? ""),
    }));
    const replicas = all.filter((r) => r.host !== "" && r.port !== "0");
    return { ...nothing, replicas, unnamed: all.length - replicas.length };
  } catch {
    return { ...nothing, blind: `this user may not list replicas (GRANT ${RIGHTS[dialect]} ON *.* lets it)` };
  }
}

/** How many replicas have registered; null where this role may not see them. */
export async function knownReplicas(primary: Session, dialect: MysqlDialect): Promise<number | null> {
  const { replicas, unnamed, blind } = await discover(primary, dialect);
  return blind === null ? replicas.length + unnamed : null;
}
