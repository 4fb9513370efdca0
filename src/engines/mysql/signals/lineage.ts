import type { Session } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";

/** What a server says of itself. */
interface Identity {
  readonly serverId: string;
  /** True where it refuses writes, or shares them with others by itself (Galera, Aurora): no channel is needed then. */
  readonly follows: boolean;
}

async function identityOf(session: Session): Promise<Identity> {
  const rows = await session.query<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_id', 'read_only', 'super_read_only', 'innodb_read_only', 'wsrep_on')",
  );
  const values = new Map(rows.map((row) => [String(Object.values(row)[0]), String(Object.values(row)[1])]));
  const on = ["read_only", "super_read_only", "innodb_read_only", "wsrep_on"];
  return {
    serverId: values.get("server_id") ?? "",
    follows: on.some((name) => values.has(name) && !["OFF", "0"].includes(values.get(name) ?? "")),
  };
}

/** What lists the servers that one replicates from. MySQL renamed the statement in 8.0.22. */
export const CHANNELS: Readonly<Record<MysqlDialect, readonly string[]>> = {
  mysql: ["SHOW REPLICA STATUS", "SHOW SLAVE STATUS"],
  mariadb: ["SHOW ALL SLAVES STATUS"],
};

/** How many servers it replicates from; null for a user who may not know. */
async function channels(replica: Session, dialect: MysqlDialect): Promise<number | null> {
  for (const sql of CHANNELS[dialect]) {
    const rows = await replica.query(sql).catch(() => null);
    if (rows !== null) return rows.length;
  }
  return null;
}

async function one(session: Session, expression: string): Promise<string> {
  const [row] = await session.query<{ value: string | null }>(`SELECT ${expression} AS value`);
  return String(row?.value ?? "");
}

/** `uuid:1-5, uuid:tag:7` names its servers. */
const sourcesIn = (gtids: string): string[] => gtids.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [];

/** MySQL: a replica of ours has replayed something of a server that we have something of, too. */
async function strangerToMysql(replica: Session, primary: Session): Promise<boolean> {
  const [theirs, ours] = [await one(replica, "@@GLOBAL.gtid_executed"), await one(primary, "@@GLOBAL.gtid_executed")];
  if (theirs === "" || ours === "") return false;
  const known = new Set(sourcesIn(ours));
  return !sourcesIn(theirs).some((source) => known.has(source));
}

/** `0-1-57` is domain, server and number. */
const numbersOf = (positions: string): Map<string, bigint> =>
  new Map(
    positions.split(",").flatMap((gtid) => {
      const [domain, , number] = gtid.trim().split("-");
      return domain === undefined || number === undefined ? [] : [[domain, BigInt(number)] as const];
    }),
  );

/** MariaDB: a replica cannot have replayed more than there was when it was asked, so it is asked first. */
async function strangerToMariadb(replica: Session, primary: Session): Promise<boolean> {
  const theirs = numbersOf(await one(replica, "@@GLOBAL.gtid_slave_pos"));
  const ours = numbersOf(await one(primary, "@@GLOBAL.gtid_current_pos"));
  return [...theirs].some(([domain, number]) => number > (ours.get(domain) ?? number));
}

/**
 * Why a server cannot be a replica of the primary, as what follows its name; null when nothing speaks against it. A
 * replica of another server may go unnoticed here where there are no GTIDs: the heartbeat, which it never shows, tells.
 */
export async function whyNoReplica(replica: Session, primary: Session, dialect: MysqlDialect): Promise<string | null> {
  const [there, here] = [await identityOf(replica), await identityOf(primary)];
  if (there.serverId === here.serverId) return "is the primary itself, or has its server_id.";
  if ((await channels(replica, dialect)) === 0 && !there.follows)
    return "is not a replica: it replicates from no server, and takes writes.";
  const stranger = dialect === "mysql" ? strangerToMysql : strangerToMariadb;
  return (await stranger(replica, primary))
    ? "replicates another server: what it has replayed is not of this one."
    : null;
}
