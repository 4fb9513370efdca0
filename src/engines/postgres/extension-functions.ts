import type { RelationName } from "../../model/name.js";

/** Schemas that extensions make for themselves: pg_cron, pg_graphql, pg_net, pgmq, pgsodium, postgis_topology, supabase_vault. */
const OWN_SCHEMAS: ReadonlySet<string> = new Set("cron graphql net pgmq pgsodium topology vault".split(" "));

/** Functions of extensions (PostGIS, TimescaleDB, Citus, pg_partman) and tools (Diesel) that change the table that they are told. */
const OF_ONE_TABLE: ReadonlySet<string> = new Set(
  `addgeometrycolumn dropgeometrycolumn updategeometrysrid populate_geometry_columns
  create_hypertable set_chunk_time_interval add_dimension create_distributed_hypertable
  add_retention_policy remove_retention_policy add_compression_policy remove_compression_policy add_reorder_policy
  remove_reorder_policy add_continuous_aggregate_policy remove_continuous_aggregate_policy
  create_distributed_table create_reference_table undistribute_table alter_distributed_table
  create_parent diesel_manage_updated_at`.split(/\s+/),
);

/** Whether a function is an extension's that makes and changes what is the extension's own: jobs, queues, secrets. */
export const keepsToItself = ({ schema }: RelationName): boolean => schema !== null && OWN_SCHEMAS.has(schema);

/** Whether a function changes the table whose name is passed to it, and no other one. */
export const changesNamedTable = ({ name }: RelationName): boolean => OF_ONE_TABLE.has(name);
