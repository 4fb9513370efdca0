/**
 * PostgreSQL's own functions by volatility, from `pg_proc.provolatile` of PostgreSQL 18; those that no default or index
 * would call (support functions, statistics, server administration) are left out. builtin-functions.test.ts compares both
 * lists with a running server.
 */
function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Every overload is IMMUTABLE or STABLE. */
export const STEADY_FUNCTIONS = names(`
  abbrev abs acldefault acos acosd acosh age area array_append array_cat array_dims array_fill array_length
  array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse
  array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asind asinh atan atan2 atan2d atand
  atanh bit bit_count bit_length bool box bpchar btrim bytea cardinality casefold cbrt ceil ceiling center char
  char_length character_length chr cidr circle col_description concat concat_ws convert convert_from convert_to cos
  cosd cosh cot cotd crc32 crc32c current_database current_schema current_schemas current_setting current_user
  database_to_xml database_to_xml_and_xmlschema database_to_xmlschema date date_add date_part date_subtract
  date_trunc datemultirange daterange decode degrees dexp diameter div dlog1 dlog10 dround dtrunc encode enum_first
  enum_last enum_range exp extract factorial float4 float8 floor format format_type gamma gcd get_bit get_byte
  get_current_ts_config getdatabaseencoding getpgusername height host hostmask icu_unicode_version inet_client_addr
  inet_client_port inet_server_addr inet_server_port initcap int2 int4 int4multirange int4range int8 int8multirange
  int8range interval is_normalized isempty isfinite json_array_length json_build_array json_build_object json_object
  json_populate_record json_strip_nulls json_to_record json_to_tsvector json_typeof jsonb_array_length
  jsonb_build_array jsonb_build_object jsonb_concat jsonb_insert jsonb_object jsonb_path_exists jsonb_path_exists_tz
  jsonb_path_match jsonb_path_match_tz jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
  jsonb_path_query_first_tz jsonb_populate_record jsonb_populate_record_valid jsonb_pretty jsonb_set jsonb_set_lax
  jsonb_strip_nulls jsonb_to_record jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lcm
  left length lgamma like_escape line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8
  macaddr8_set7bit make_date make_interval make_time make_timestamp make_timestamptz makeaclitem md5 min_scale mod
  money multirange mxid_age name netmask network normalize now npoints num_nonnulls num_nulls numeric nummultirange
  numnode numrange obj_description octet_length oid overlaps overlay parse_ident path pg_backend_pid
  pg_client_encoding pg_collation_for pg_current_xact_id pg_size_bytes pg_size_pretty pg_typeof phraseto_tsquery pi
  plainto_tsquery point polygon position pow power quote_ident quote_literal quote_nullable radians radius
  range_merge regclass regexp_count regexp_instr regexp_like regexp_match regexp_replace regexp_split_to_array
  regexp_substr repeat replace reverse right round row_security_active row_to_json rpad rtrim scale schema_to_xml
  schema_to_xml_and_xmlschema schema_to_xmlschema session_user set_bit set_byte set_masklen setweight sha224 sha256
  sha384 sha512 shobj_description sign similar_escape similar_to_escape sind sinh split_part sqrt starts_with
  statement_timestamp string_to_array strip strpos substr substring system_user table_to_xml
  table_to_xml_and_xmlschema table_to_xmlschema tan tand tanh text textcat textlen time timestamp timestamptz timetz
  timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation
  to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod
  to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_delete ts_filter
  ts_headline ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange tstzmultirange tstzrange
  tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xmax
  txid_visible_in_snapshot unicode_assigned unicode_version unistr upper upper_inc upper_inf uuid_extract_timestamp
  uuid_extract_version varbit varchar version websearch_to_tsquery width width_bucket xid xml xml_is_well_formed
  xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlconcat2 xmlexists xmltext xmlvalidate xpath
  xpath_exists
`);

/** At least one overload is VOLATILE. Beside PostgreSQL's own, those of its well-known extensions. */
export const VOLATILE_FUNCTIONS = names(`
  array_sample array_shuffle clock_timestamp current_query currval cursor_to_xml cursor_to_xmlschema gen_random_uuid
  lastval nextval query_to_xml query_to_xml_and_xmlschema query_to_xmlschema random random_normal set_config setval
  timeofday ts_rewrite txid_status uuidv4 uuidv7
  gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
`);
