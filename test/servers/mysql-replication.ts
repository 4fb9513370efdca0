import { PASSWORD, query, until } from "./sql.js";

/** Where a replica finds its source. */
export interface ReplicationSource {
  readonly host: string;
  readonly port: number;
}

/**
 * Makes an empty server the read-only replica of another, by GTID, and waits until it receives. Both have all in the
 * binary log that was ever done to them, so that there is nothing to copy first.
 */
export async function replicate(
  kind: "mysql" | "mariadb",
  replicaUrl: string,
  source: ReplicationSource,
): Promise<void> {
  for (const statement of kind === "mysql" ? mysqlStatements(source) : mariadbStatements(source)) {
    await query(replicaUrl, statement);
  }
  const show = kind === "mysql" ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
  await until("the replica receives", 30_000, async () => {
    const [row] = await query(replicaUrl, show);
    return (row?.Replica_IO_Running ?? row?.Slave_IO_Running) === "Yes" ? row : null;
  });
}

function mysqlStatements(source: ReplicationSource): readonly string[] {
  return [
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${source.host}', SOURCE_PORT = ${source.port}, SOURCE_USER = 'root',
     SOURCE_PASSWORD = '${PASSWORD}', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1,
     SOURCE_RETRY_COUNT = 86400`,
    "START REPLICA",
    "SET PERSIST super_read_only = ON",
  ];
}

function mariadbStatements(source: ReplicationSource): readonly string[] {
  return [
    `CHANGE MASTER TO MASTER_HOST = '${source.host}', MASTER_PORT = ${source.port}, MASTER_USER = 'root',
     MASTER_PASSWORD = '${PASSWORD}', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`,
    "START SLAVE",
    "SET GLOBAL read_only = ON",
  ];
}
