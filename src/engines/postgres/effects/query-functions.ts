import type { RelationName } from "../../../model/name.js";
import { STEADY_FUNCTIONS, VOLATILE_FUNCTIONS } from "./builtin-functions.js";
import { READING_FUNCTIONS } from "./reading-functions.js";

/**
 * PostgreSQL's own functions that queries call and defaults do not: aggregates, windows, sets, sizes, locks. None of them
 * changes a table. casts.test.ts looks for each in a running server.
 */
export const QUERY_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_object_agg
  jsonb_agg jsonb_object_agg max min mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx
  regr_avgy regr_count regr_intercept regr_r2 regr_slope stddev stddev_pop stddev_samp string_agg sum var_pop var_samp
  variance xmlagg
  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
  generate_series generate_subscripts unnest json_array_elements json_array_elements_text json_each json_each_text
  json_object_keys json_populate_recordset json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each
  jsonb_each_text jsonb_object_keys jsonb_path_query jsonb_populate_recordset jsonb_to_recordset regexp_matches
  regexp_split_to_table string_to_table
  json_extract_path json_extract_path_text jsonb_extract_path jsonb_extract_path_text
  pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared
  pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared
  pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared
  pg_column_size pg_database_size pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef
  pg_get_serial_sequence pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_indexes_size pg_is_in_recovery
  pg_blocking_pids pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_last_wal_receive_lsn
  pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_partition_ancestors pg_partition_tree
  pg_sequence_last_value pg_tablespace_size pg_xact_status setseed
  pg_notify pg_relation_size pg_reload_conf pg_stat_reset pg_sleep pg_sleep_for pg_sleep_until pg_table_is_visible pg_table_size
  pg_total_relation_size has_column_privilege has_database_privilege has_function_privilege has_schema_privilege
  has_sequence_privilege has_table_privilege
  `
    .trim()
    .split(/\s+/),
);

const READS_ANY = /^(?:query|table|cursor|schema|database)_to_xml|^ts_(?:stat|rewrite)$/;

/** A function of PostgreSQL's own that reads a table, or runs a query, that it is told. */
export const readsAnyTable = ({ schema, name }: RelationName): boolean =>
  (schema === null || schema === "pg_catalog") && READS_ANY.test(name);

/** A function that is known to change no table, neither its own nor another one. */
export function isPlainFunction({ schema, name }: RelationName): boolean {
  if (schema !== null && schema !== "pg_catalog") return false;
  return [QUERY_FUNCTIONS, STEADY_FUNCTIONS, READING_FUNCTIONS, VOLATILE_FUNCTIONS].some((known) => known.has(name));
}

/** Those of QUERY_FUNCTIONS that are VOLATILE: they tell of, or change, what is there in that moment. builtin-functions.test.ts asks a server. */
const OF_THE_MOMENT = /^(?:setseed$|pg_(?!get_|column_size$|table_is_visible$))/;

/** A function of PostgreSQL's own that is IMMUTABLE or STABLE. */
export function givesTheSame({ schema, name }: RelationName): boolean {
  if (schema !== null && schema !== "pg_catalog") return false;
  if (STEADY_FUNCTIONS.has(name) || READING_FUNCTIONS.has(name)) return true;
  return QUERY_FUNCTIONS.has(name) && !OF_THE_MOMENT.test(name);
}
