import { mayName } from "../history/text.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";

/** Changes of one column, which touch none that they do not name. Views, keys and routines may need what they do not name. */
const OF_ONE_COLUMN: ReadonlySet<string> = new Set(["add-column", "create-index", "drop-column", "rename-column"]);

const changesColumns = ({ statements }: Migration): boolean =>
  statements.every((s) => s.operations.every((o) => OF_ONE_COLUMN.has(o.kind)));

/** All names of columns that come, go or stand beside each other in a migration. */
const columnsOf = ({ plan }: MigrationRecord): string[] => [
  ...plan.retires.flatMap((r) => [r.column, r.parked, ...(r.replacement === null ? [] : [r.replacement])]),
  ...plan.steps.flatMap((s) => (s.adds === undefined ? [] : [s.adds.column])),
];

/**
 * True where a migration and a later one that is finished change columns of one table and have none in common: no text of
 * the later one has a name of the former in it. Known only while both files are there.
 */
export function independent(record: MigrationRecord, later: MigrationRecord, files: readonly Migration[]): boolean {
  if (later.status !== "contracted") return false;
  const [own, other] = [record, later].map(({ id }) => files.find((m) => m.id === id));
  if (own === undefined || other === undefined || !changesColumns(own) || !changesColumns(other)) return false;
  const text = [other.text, ...later.plan.steps.flatMap((s) => [...s.sql, ...s.undo])].join("\n");
  const names = columnsOf(record);
  return names.length > 0 && !names.some((name) => mayName(text, name));
}
