import type { AlterTableCmd, AlterTableStmt } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { bodies, body, kebab, relationOf } from "../ast.js";
import { behindName, type Run, type Source, spanOf, splitAtCommas, tokenAt } from "../source.js";
import { commandDetails } from "./alter/index.js";
import { alteredObject } from "./alter/object.js";
import { inServerOrder } from "./alter/server-order.js";
import { columnDefinition } from "./column-definition.js";
import type { Reading } from "./context.js";
import { otherOperation, tableFlags } from "./other.js";

/** A statement's table, as all of its commands have it. */
interface Altered {
  readonly stmt: AlterTableStmt;
  readonly relation: RelationName;
  readonly flags: ReturnType<typeof tableFlags>;
}

/** One command with its tokens; `exact` is false when they are those of the whole statement. */
interface Place {
  readonly source: Source;
  readonly run: Run;
  readonly span: Span;
  readonly exact: boolean;
}

/**
 * One operation for each command of an ALTER TABLE (or VIEW, INDEX, SEQUENCE, TYPE, which share the grammar), in the server's
 * order.
 */
export function alterTable(stmt: AlterTableStmt, reading: Reading): Operation[] {
  const commands = bodies(stmt.cmds, "AlterTableCmd");
  const runs = commandRuns(stmt, commands.length, reading);
  const relation = relationOf(stmt.relation ?? {});
  const flags = tableFlags({ only: isOnly(stmt), ifTableExists: stmt.missing_ok ?? false });
  const operations = commands.flatMap((command, i) => {
    const run = runs[i] ?? reading.run;
    // A statement with one command is shown whole, with the table that it is about.
    const span = Object.freeze(spanOf(reading.source, commands.length === 1 ? reading.run : run));
    const place = { source: reading.source, run, span, exact: runs[i] !== undefined };
    return operationsOf({ stmt, relation, flags }, command, place);
  });
  return inServerOrder(operations);
}

/** The tree has no ONLY for a type, which has no children. */
function isOnly(stmt: AlterTableStmt): boolean {
  return stmt.objtype !== "OBJECT_TYPE" && stmt.relation?.inh !== true;
}

function commandRuns(stmt: AlterTableStmt, count: number, { source, run }: Reading): readonly Run[] {
  const name = tokenAt(source.tokens, source.at(stmt.relation?.location ?? 0));
  let from = behindName(source, name);
  if (source.tokens[name - 1]?.text === "(" || source.tokens[from]?.text === "*") from++;
  const runs = splitAtCommas(source, { from, to: run.to });
  return runs.length === count ? runs : [];
}

function operationsOf(altered: Altered, command: AlterTableCmd, place: Place): Operation[] {
  const { stmt, relation, flags } = altered;
  const { source, run, span, exact } = place;
  if (stmt.objtype !== "OBJECT_TABLE") {
    const what = `alter-${kebab(stmt.objtype ?? "")}-${commandName(command)}`;
    return [otherOperation(what, relation, span, { detail: alteredObject(stmt, command), ...flags })];
  }
  if (command.subtype === "AT_AddColumn") return [addColumn(command, altered, place)];
  if (command.subtype === "AT_DropColumn") return [dropColumn(command, altered, span)];
  const details = exact ? commandDetails({ command, source, run }) : [null];
  return details.map((detail) => otherOperation(commandName(command), relation, span, { detail, ...flags }));
}

function dropColumn(command: AlterTableCmd, { relation, flags }: Altered, span: Span): Operation {
  return Object.freeze({
    kind: "drop-column",
    span,
    relation,
    column: command.name ?? "",
    ifExists: command.missing_ok ?? false,
    cascade: command.behavior === "DROP_CASCADE",
    ...flags,
  });
}

function addColumn(command: AlterTableCmd, { relation, flags }: Altered, { source, run, span }: Place): Operation {
  const def = body(command.def, "ColumnDef") ?? {};
  const from = def.location === undefined ? run.from : tokenAt(source.tokens, source.at(def.location));
  return Object.freeze({
    kind: "add-column",
    span,
    relation,
    column: columnDefinition(source, def, { from, to: run.to }),
    ifNotExists: command.missing_ok ?? false,
    position: null,
    ...flags,
  });
}

/** `alter-column-type`, `set-not-null`, `drop-default`, `add-foreign-key`. */
function commandName(command: AlterTableCmd): string {
  if (command.subtype === "AT_ColumnDefault") return command.def === undefined ? "drop-default" : "set-default";
  if (command.subtype === "AT_AddConstraint") return addConstraintName(command);
  return kebab(command.subtype ?? "alter-table");
}

const CONSTRAINTS: Readonly<Record<string, string>> = Object.freeze({
  CONSTR_PRIMARY: "add-primary-key",
  CONSTR_FOREIGN: "add-foreign-key",
  CONSTR_NOTNULL: "add-not-null",
});

function addConstraintName(command: AlterTableCmd): string {
  const kind = body(command.def, "Constraint")?.contype ?? "constraint";
  return CONSTRAINTS[kind] ?? `add-${kebab(kind)}`;
}
