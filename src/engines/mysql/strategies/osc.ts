import type { Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import { Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import type { MysqlContext } from "./algorithms.js";

/** One word of a shell, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A DSN of Percona's tools: commas and backslashes in a value are escaped. */
const dsnPart = (name: string, value: string): string => `${name}=${value.replace(/[\\,]/g, "\\$&")}`;

/**
 * Commands that rebuild a table beside its writers, as a shell takes them. Host and user are left to be filled in, and
 * the password is asked for or read from a file, so that it is in no plan. gh-ost and spirit are for MySQL.
 *
 * @param change what stands behind `ALTER TABLE t`
 * @example
 * commandsFor(users, "MODIFY id bigint", context)
 * // ["gh-ost --host=HOST --user=USER --ask-pass --database='app' --table='users' --alter='MODIFY id bigint' --execute", ...]
 */
export function commandsFor(
  table: Pick<Table, "relation">,
  change: string,
  { catalog, dialect }: MysqlContext,
): string[] {
  const schema = table.relation.schema ?? catalog.defaultSchema ?? "DATABASE";
  const { name } = table.relation;
  const [database, target, alter] = [schema, name, change].map(shellWord);
  const dsn = shellWord([dsnPart("D", schema), dsnPart("t", name)].join(","));
  const percona = `pt-online-schema-change --host=HOST --user=USER --ask-pass --alter=${alter} --execute ${dsn}`;
  if (dialect === "mariadb") return [percona];
  return [
    `gh-ost --host=HOST --user=USER --ask-pass --database=${database} --table=${target} --alter=${alter} --execute`,
    `spirit migrate --host=HOST --username=USER --database=${database} --table=${target} --alter=${alter}`,
    percona,
  ];
}

/**
 * For a change that the server makes only by copying the table while writes wait.
 *
 * @param why a sentence without its full stop
 * @param change what stands behind `ALTER TABLE t`
 */
export function otherTool(table: Table, why: string, change: string, context: MysqlContext): Refusal {
  const commands = commandsFor(table, change, context).map((c) => `\`${c}\``);
  return new Refusal(
    `${why}; ${show(table.relation)}: ${sizeOf(table)}.`,
    `Rebuild the table beside its writers: ${commands.join(", or ")}. Or make the change in a maintenance window.`,
  );
}
