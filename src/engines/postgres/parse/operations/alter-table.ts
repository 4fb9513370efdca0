import type { AlterTableCmd, AlterTableStmt } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { bodies, body, kebab, relationOf } from "../ast.js";
import { behindName, type Run, type Source, spanOf, splitAtCommas, tokenAt } from "../source.js";
import { columnDefinition } from "./column-definition.js";
import type { Reading } from "./context.js";
import { otherOperation } from "./other.js";

/** One operation for each command of an ALTER TABLE (or VIEW, INDEX, SEQUENCE, TYPE, which share the grammar). */
export function alterTable(stmt: AlterTableStmt, reading: Reading): Operation[] {
  const commands = bodies(stmt.cmds, "AlterTableCmd");
  const runs = commandRuns(stmt, commands.length, reading);
  return commands.map((command, i) => {
    const run = runs[i] ?? reading.run;
    // A statement with one command is shown whole, with the table that it is about.
    const span = spanOf(reading.source, commands.length === 1 ? reading.run : run);
    return operationOf(stmt, command, reading.source, run, span);
  });
}

function commandRuns(stmt: AlterTableStmt, count: number, { source, run }: Reading): readonly Run[] {
  const name = tokenAt(source.tokens, source.at(stmt.relation?.location ?? 0));
  let from = behindName(source, name);
  if (source.tokens[name - 1]?.text === "(" || source.tokens[from]?.text === "*") from++;
  const runs = splitAtCommas(source, { from, to: run.to });
  return runs.length === count ? runs : [];
}

function operationOf(stmt: AlterTableStmt, command: AlterTableCmd, source: Source, run: Run, at: Span): Operation {
  const relation = relationOf(stmt.relation ?? {});
  const span = Object.freeze(at);
  if (stmt.objtype !== "OBJECT_TABLE") return alterOther(stmt, command, relation, span);
  if (command.subtype === "AT_AddColumn") return addColumn(command, source, run, relation, span);
  if (command.subtype === "AT_DropColumn") {
    return Object.freeze({
      kind: "drop-column",
      span,
      relation,
      column: command.name ?? "",
      ifExists: command.missing_ok ?? false,
      cascade: command.behavior === "DROP_CASCADE",
    });
  }
  return otherOperation(commandName(command), relation, span);
}

function addColumn(command: AlterTableCmd, source: Source, run: Run, relation: RelationName, span: Span): Operation {
  const def = body(command.def, "ColumnDef") ?? {};
  const from = def.location === undefined ? run.from : tokenAt(source.tokens, source.at(def.location));
  return Object.freeze({
    kind: "add-column",
    span,
    relation,
    column: columnDefinition(source, def, { from, to: run.to }),
    ifNotExists: command.missing_ok ?? false,
    position: null,
  });
}

function alterOther(stmt: AlterTableStmt, command: AlterTableCmd, relation: RelationName, span: Span): Operation {
  return otherOperation(`alter-${kebab(stmt.objtype ?? "")}-${commandName(command)}`, relation, span);
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
