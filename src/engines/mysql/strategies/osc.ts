import type { Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import { findTable, Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { quote } from "../names.js";
import { dsnOf } from "../osc/dsn.js";
import type { MysqlContext } from "./algorithms.js";

/** What the server does only by copying a table while writes wait, and another program may do beside its writers. */
export class CopyRefusal extends Refusal {
  readonly relation: RelationName;
  /** What stands behind `ALTER TABLE t`. */
  readonly change: string;
  constructor(reason: string, help: string, relation: RelationName, change: string) {
    super(reason, help);
    this.relation = relation;
    this.change = change;
  }
}

/** One word of a shell, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const hasTriggers = ({ relation, dependents }: Table): boolean =>
  dependents.some((d) => d.kind === "trigger" && (d.fires === undefined || d.fires.table === relation.name));

const pointedAt = (table: Table): boolean => table.referencedBy.length > 0;

const hasKeys = (table: Table): boolean => pointedAt(table) || table.constraints.some((c) => c.kind === "foreign-key");

/**
 * Commands that rebuild a table beside its writers, as a shell takes them. Host and user are left to be filled in, and
 * the password is asked for or read from a file, so that it is in no plan. gh-ost and spirit are for MySQL, and refuse a
 * table with foreign keys or triggers; pt-online-schema-change has to be told what becomes of keys that point at it, and of
 * triggers (seen with gh-ost 1.1; their documentation).
 *
 * @param change what stands behind `ALTER TABLE t`
 * @example
 * commandsFor(users, "MODIFY id bigint", context)
 * // ["gh-ost --host=HOST --user=USER --ask-pass --database='app' --table='users' --alter='MODIFY id bigint' --execute", ...]
 */
export function commandsFor(relation: RelationName, change: string, { catalog, dialect }: MysqlContext): string[] {
  const table = findTable(catalog, relation);
  const keyed = table !== null && hasKeys(table);
  const triggered = table !== null && hasTriggers(table);
  const schema = relation.schema ?? catalog.defaultSchema ?? "DATABASE";
  const { name } = relation;
  const [database, target, alter] = [schema, name, change].map(shellWord);
  const dsn = shellWord(dsnOf({ D: schema, t: name }));
  const flags = `${keyed && pointedAt(table) ? " --alter-foreign-keys-method=auto" : ""}${triggered ? " --preserve-triggers" : ""}`;
  const percona = `pt-online-schema-change${flags} --host=HOST --user=USER --ask-pass --alter=${alter} --execute ${dsn}`;
  if (dialect === "mariadb" || keyed || triggered) return [percona];
  return [
    `gh-ost --host=HOST --user=USER --ask-pass --database=${database} --table=${target} --alter=${alter} --execute`,
    `spirit migrate --host=HOST --username=USER --database=${database} --statement=${shellWord(`ALTER TABLE ${quote(name)} ${change}`)}`,
    percona,
  ];
}

const KEYED =
  "A column of a foreign key, or one that a key points at, changes its type only without the key (errors 1832, 1833, 3780): drop the key in an earlier migration, and add it again in a later one, which holds nobody up.";

/** What a refusal says to do instead: the commands that rebuild the table beside its writers. */
export function rebuildHelp(relation: RelationName, change: string, context: MysqlContext): string {
  const commands = commandsFor(relation, change, context).map((c) => `\`${c}\``);
  const table = findTable(context.catalog, relation);
  const keyed = table !== null && hasKeys(table) ? ` ${KEYED}` : "";
  return `Rebuild the table beside its writers: ${commands.join(", or ")}. Or make the change in a maintenance window.${keyed}`;
}

/**
 * For a change that the server makes only by copying the table while writes wait.
 *
 * @param why a sentence without its full stop
 * @param change what stands behind `ALTER TABLE t`
 */
export function otherTool(table: Table, why: string, change: string, context: MysqlContext): Refusal {
  return new CopyRefusal(
    `${why}; ${show(table.relation)}: ${sizeOf(table)}.`,
    rebuildHelp(table.relation, change, context),
    table.relation,
    change,
  );
}
