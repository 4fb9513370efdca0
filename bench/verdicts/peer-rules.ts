/** The linters whose rules are set beside ours, in the order of the table's columns. */
export const LINTERS = ["squawk", "pgfence", "migrationpilot", "eugene", "strong_migrations", "atlas"] as const;
export type Linter = (typeof LINTERS)[number];

/** What others call the same thing, or the part of it that they see. Empty: nobody else sees it. */
export type PeerNames = Readonly<Partial<Record<Linter, readonly string[]>>>;

/** Names in a line, by columns: `squawk | pgfence | migrationpilot | eugene | strong_migrations | atlas`. */
function names(line: string): PeerNames {
  const cells = line.split("|").map((cell) => cell.split(" ").filter((name) => name !== ""));
  return Object.freeze(Object.fromEntries(LINTERS.map((linter, at) => [linter, cells[at] ?? []])));
}

const TABLE = `
adding-field-with-default: adding-field-with-default | add-column-non-constant-default add-column-serial add-column-stored-generated | MP003 MP015 MP062 | E10 E11 | add_column_default add_column_default_callable add_column_auto_incrementing add_column_generated_stored | PG302 PG309 PG310
adding-foreign-key-constraint: adding-foreign-key-constraint | add-constraint-fk-no-not-valid | MP005 | E1 | add_reference | MY102
adding-json-field: | add-column-json | | E3 | add_column_json |
adding-not-nullable-field: adding-not-nullable-field | alter-column-set-not-null | MP002 MP018 | E2 | change_column_null change_column_null_postgresql change_column_null_mysql | MF104 PG303
adding-required-field: adding-required-field | add-column-not-null-no-default | MP084 | | | MF103 MY101
adding-serial-primary-key-field: adding-serial-primary-key-field | add-pk-without-using-index | | E11 | add_column_auto_incrementing | PG304
adding-unique-index: | | | | | MF101 MF102
ban-alter-domain-with-add-constraint: ban-alter-domain-with-add-constraint | ban-alter-domain-add-constraint | MP043 | | |
ban-cascade: | | MP022 | | |
ban-char-field: ban-char-field | ban-char-field | MP041 | | |
ban-concurrent-index-creation-in-transaction: ban-concurrent-index-creation-in-transaction | concurrent-in-transaction | MP025 | | | PG103
ban-create-domain-with-constraint: ban-create-domain-with-constraint | ban-create-domain-with-constraint | MP043 | | |
ban-drop-column: ban-drop-column | drop-column | MP017 | | remove_column | DS103
ban-drop-database: ban-drop-database | drop-database | MP034 MP035 | | | DS101
ban-drop-not-null: ban-drop-not-null | drop-not-null | MP029 | | |
ban-drop-table: ban-drop-table | drop-table | MP026 | | | DS102
ban-inexact-money:
ban-truncate: | truncate truncate-cascade | | | |
ban-truncate-cascade: ban-truncate-cascade | truncate-cascade | MP036 | | |
ban-uncommitted-transaction: ban-uncommitted-transaction | unclosed-transaction | MP053 | | |
ban-wide-grant: | | MP085 | | |
blocking-table-access: prefer-repack require-concurrent-reindex | attach-partition vacuum-full reindex-non-concurrent refresh-matview-blocking set-logged-unlogged add-constraint-exclude | MP006 MP021 MP031 MP032 MP033 MP047 MP072 MP094 MP095 | E8 E10 | add_exclusion_constraint copy_algorithm lock_option |
breaking-running-code: require-concurrent-partition-detach | detach-partition rename-schema | MP046 MP052 MP057 MP060 MP064 MP098 | | rename_schema rename_enum_value |
breaking-stored-code:
calling-unknown-code:
changing-column-type: changing-column-type | alter-column-type | MP007 MP044 MP089 | E5 | change_column | PG301
changing-indexed-function:
changing-owner:
changing-whose-rights:
check-before-backfill:
check-on-changing-value: | | MP087 | | |
check-refusing-default:
column-position:
constraint-missing-not-valid: constraint-missing-not-valid adding-foreign-key-constraint | add-constraint-check-no-not-valid add-constraint-fk-no-not-valid | MP005 MP030 | E1 | add_check_constraint add_check_constraint_mysql add_foreign_key add_foreign_key_mysql | PG305 PG306
contract-with-expand:
contradicting-history:
corrupting-index-build: | | | | add_index_corruption |
deleting-duplicates:
disabling-autovacuum: | | MP066 | | |
disallowed-unique-constraint: disallowed-unique-constraint | add-constraint-unique add-pk-without-using-index | MP027 | E7 | add_unique_constraint | PG304 PG307
dropping-foreign-key: | drop-constraint | MP069 | | | CD101
dropping-key: | drop-constraint | MP055 | | |
dropping-role:
dropping-safeguard:
dynamic-sql: | | MP063 | | execute |
enum-value-too-early: | alter-enum-add-value | MP012 MP054 | | |
explicit-lock: | | MP065 | | |
failing-statement: | | MP097 | | |
foreign-key-type-mismatch:
foreign-key-without-index: | fk-missing-index | MP016 | E15 | |
identifier-too-long: identifier-too-long | | | | |
implicit-commit:
index-build-under-timeout:
index-gap:
instant-with-lock:
keeping-invalid-index: | | MP070 | | |
keeping-other-column:
keeping-other-index:
keeping-other-table:
leaving-safe-settings:
limit-without-order:
locking-partition-parent:
locking-several-tables: | statement-after-access-exclusive wide-lock-window | MP008 | E4 | |
losing-column-attributes:
moving-column:
narrowing-check:
narrowing-view:
non-transactional-engine:
not-supported-yet:
prefer-bigint-over-int: prefer-bigint-over-int | prefer-bigint-over-int | MP038 | | |
prefer-bigint-over-smallint: prefer-bigint-over-smallint | | | | |
prefer-identity: prefer-identity | prefer-identity | MP039 | | |
prefer-jsonb:
prefer-robust-stmts: prefer-robust-stmts | prefer-robust-create-index prefer-robust-create-table prefer-robust-drop-index prefer-robust-drop-table | MP023 | | |
prefer-text-field: prefer-text-field | prefer-text-field | MP037 | | |
prefer-timestamp-tz: prefer-timestamp-tz | prefer-timestamptz | MP040 | | |
publishing-without-identity:
refused-in-transaction: | concurrent-in-transaction | MP025 | | | PG103
renaming-column: renaming-column | rename-column | MP010 MP071 | | rename_column | BC102
renaming-table: renaming-table | rename-table | MP028 | | rename_table | BC101
repeating-unique-value:
replacing-routine:
require-concurrent-index-creation: require-concurrent-index-creation | create-index-not-concurrent | MP001 MP092 | E6 | add_index | PG101
require-concurrent-index-deletion: require-concurrent-index-deletion | drop-index-not-concurrent | MP009 | | remove_index | PG102
require-constraint-name:
require-definer-search-path: | | MP099 | | |
require-enum-value-ordering: require-enum-value-ordering | alter-enum-no-ordering | | | |
require-primary-key: | | MP045 | | |
require-table-schema: require-table-schema | | | | |
require-timeout-settings: require-timeout-settings require-lock-timeout require-statement-timeout | missing-lock-timeout missing-statement-timeout | MP004 MP020 | E9 | |
table-rebuild:
transaction-nesting: transaction-nesting | | | | |
unbatched-data-change: | update-in-migration delete-without-where | MP011 MP067 | | |
unchecked-foreign-key:
unknown-character-set:
unknown-definer:
unreadable-routine:
updating-extension:
view-without-rights:
working-under-lock: | not-valid-validate-same-tx statement-after-access-exclusive | | E4 | validate_check_constraint validate_foreign_key |
wrong-phase:
`;

/** By id of our rules. A rule that is added gets its line here: a test counts. */
export const PEER_RULES: Readonly<Record<string, PeerNames>> = Object.freeze(
  Object.fromEntries(
    TABLE.trim()
      .split("\n")
      .map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at), names(line.slice(at + 1))];
      }),
  ),
);

/** The rules of squawk 2.66 under their own names, from its source; a test asks the program whether it knows each. */
export const squawkNames = (): readonly string[] => [
  ...new Set(Object.values(PEER_RULES).flatMap(({ squawk = [] }) => squawk)),
];
