import { REPLICA_NAME } from "../../src/demo/embedded-postgres.js";
import type { EngineName } from "../../src/engines/engine.js";
import { mysqldSettings } from "./mysqld-settings.js";
import { PASSWORD } from "./sql.js";

/** How a container of an official image becomes one of our servers. */
export interface ContainerRecipe {
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Instead of the image's own. */
  readonly entrypoint: readonly string[] | null;
  readonly user: string | null;
}

/** The name by which a replica's container finds the primary's. */
export const PRIMARY_ALIAS = "primary";

/** `hostPort` is where the server is found from outside its container. */
export function recipe(name: EngineName, role: "primary" | "replica", hostPort: number): ContainerRecipe {
  if (name === "postgres") return role === "primary" ? postgresPrimary : postgresReplica;
  return mysqlRecipe(name, role, hostPort);
}

const SETTINGS = [
  "max_connections=200",
  "max_prepared_transactions=10",
  "shared_preload_libraries=pg_stat_statements",
  "pg_stat_statements.track=all",
  "pg_stat_statements.max=50000",
  "wal_level=logical",
  "fsync=off",
  "timezone=UTC",
].flatMap((setting) => ["-c", setting]);

const postgresPrimary: ContainerRecipe = Object.freeze({
  port: 5432,
  environment: Object.freeze({ POSTGRES_PASSWORD: PASSWORD, POSTGRES_INITDB_ARGS: "--encoding=UTF8 --locale=C.UTF-8" }),
  command: ["postgres", ...SETTINGS],
  entrypoint: null,
  user: null,
});

/** Run once in the primary: the image lets nobody replicate. */
export const ALLOW_REPLICATION = [
  "sh",
  "-c",
  'echo "host replication all all scram-sha-256" >> "$(psql -U postgres -Atc "SHOW hba_file")"',
] as const;

/** Copies the primary at the first start, and finds the copy at the next. */
const REPLICA_SCRIPT = `
if [ ! -f /tmp/replica/PG_VERSION ]; then
  pg_basebackup -d "host=${PRIMARY_ALIAS} user=postgres password=${PASSWORD} application_name=${REPLICA_NAME}" \\
    -D /tmp/replica -R -X stream -c fast -C -S ${REPLICA_NAME} || exit 1
fi
exec postgres -D /tmp/replica -c unix_socket_directories= "$@"
`;

const postgresReplica: ContainerRecipe = Object.freeze({
  port: 5432,
  environment: Object.freeze({}),
  command: SETTINGS,
  entrypoint: ["bash", "-c", REPLICA_SCRIPT, "replica"],
  user: "postgres",
});

/** Time zones are loaded through the binary log, so that a replica would load them twice. */
function mysqlRecipe(kind: "mysql" | "mariadb", role: "primary" | "replica", hostPort: number): ContainerRecipe {
  const prefix = kind.toUpperCase();
  return Object.freeze({
    port: 3306,
    environment: Object.freeze({ [`${prefix}_ROOT_PASSWORD`]: PASSWORD, [`${prefix}_INITDB_SKIP_TZINFO`]: "1" }),
    command: [...mysqldSettings(kind, role, hostPort), ...(role === "replica" ? ["--read-only=ON"] : [])],
    entrypoint: null,
    user: null,
  });
}
