/** What every MySQL and MariaDB server of the tests is started with, wherever it runs. */

/** Row-based binary log. A crash of the machine loses data, kill -9 of the server does not. */
const COMMON = [
  "--skip-name-resolve",
  "--secure-file-priv=",
  "--max-connections=200",
  "--log-bin=binlog",
  "--relay-log=relay",
  "--binlog-format=ROW",
  "--sync-binlog=0",
  "--innodb-flush-log-at-trx-commit=2",
  "--report-host=127.0.0.1",
  "--default-time-zone=+00:00",
] as const;

/**
 * GTIDs, by which a replica finds its place. MySQL gives a small table's index as many threads as a large one's, and
 * waits for their start in a loop that never sleeps: where tests share two cores, a third of its time.
 */
const OWN = {
  mysql: [
    "--gtid-mode=ON",
    "--enforce-gtid-consistency=ON",
    "--mysqlx=OFF",
    "--loose-innodb-ddl-threads=1",
    "--loose-innodb-parallel-read-threads=1",
  ],
  mariadb: ["--gtid-strict-mode=ON", "--log-slave-updates=ON"],
} as const;

/** `port` is what the primary tells others to find this server by. */
export function mysqldSettings(kind: "mysql" | "mariadb", role: "primary" | "replica", port: number): string[] {
  return [...COMMON, ...OWN[kind], `--server-id=${role === "primary" ? 1 : 2}`, `--report-port=${port}`];
}
