import type { Table } from "../../../model/catalog.js";
import type { ModifyColumn } from "../../../model/detail/column.js";
import { show } from "../../../model/name.js";
import type { Operation, OtherOperation } from "../../../model/operation.js";
import type { OscTool } from "../../../model/osc.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";
import { textChange } from "../effects/modify/text-change.js";
import { isText } from "../effects/modify/type.js";
import { commandOf, UNKNOWN } from "../osc/command.js";
import type { Osc } from "../osc/index.js";
import type { MysqlContext } from "./algorithms.js";
import { alter, ddl } from "./ddl.js";
import * as locks from "./locks.js";
import { effectAlone } from "./online.js";
import type { CopyRefusal } from "./osc.js";
import { findColumn } from "./subject.js";

/** As a plan shows it; a run takes the lock timeout that it is told. */
const USUAL_LOCK_SECONDS = 2;

const LESS_THAN_ALL = /\bVALUES\s+LESS\s+THAN\s*\(?\s*MAXVALUE\b/i;

/** The programs copy with INSERT IGNORE: a row that no partition takes would be gone without a word. */
function unplaced(change: string): string | null {
  if (/\bPARTITION\s+BY\s+(?:LINEAR\s+)?(?:HASH|KEY)\b/i.test(change)) return null;
  if (/\bPARTITION\s+BY\s+RANGE\b/i.test(change) && LESS_THAN_ALL.test(change)) return null;
  return "a row that no partition takes would be lost: only HASH, KEY, and RANGE with a partition for MAXVALUE take all";
}

/** CONVERT TO: letters that the other character set has not, and unique values that become equal. */
function unconverted(characterSet: string | null, fails: string): string | null {
  if (characterSet?.toLowerCase() !== "utf8mb4") return "letters that the character set has not would be lost";
  return fails.includes("1062") ? "rows whose unique values become equal would be lost" : null;
}

/**
 * Why rows or values could get lost where the server would have refused the change: the programs copy with INSERT IGNORE.
 * Null where all certainly come through.
 */
function lossOf(operation: OtherOperation, change: string, context: MysqlContext): string | null {
  const { detail } = operation;
  const { fails, destroys } = effectAlone(operation, context);
  switch (detail?.kind) {
    case "convert-charset":
      return unconverted(detail.characterSet, fails ?? "");
    case "modify-column":
      if (destroys || fails !== null)
        return `of the rows that are there some may not fit: ${fails ?? "values are cut"}`;
      return encodingLoss(detail, context, operation);
    case "partition-by":
      return unplaced(change);
    default:
      return null;
  }
}

/** A definition that says no character set takes the table's. */
function encodingLoss({ column, definition }: ModifyColumn, { catalog }: MysqlContext, operation: OtherOperation) {
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const old = table === null ? undefined : findColumn(table, column);
  if (old === undefined) return `${column} is not known`;
  if (!isText(definition.type) || textChange(old, definition, table) !== "converted") return null;
  return /^utf8mb4/i.test(definition.characterSet ?? definition.collation ?? "")
    ? null
    : "letters that the character set has not would be lost";
}

/** The server's own name of a CHECK, which follows the table's. */
const isGenerated = (table: string, check: string): boolean =>
  check.startsWith(`${table}_chk_`) && /^\d+$/.test(check.slice(table.length + 5));

/**
 * Constraints whose names are known once in a schema: the second table has others. Seen of `positive` on MySQL 9.7: gh-ost
 * made `t_chk_1`, pt-online-schema-change 3.2.1 `_positive`, there and on MariaDB 10.11, and the same of foreign keys.
 */
function renamed({ relation, constraints, referencedBy }: Table, tool: OscTool): string[] {
  const follows = (name: string) => tool !== "pt-online-schema-change" && isGenerated(relation.name, name);
  const checks = constraints.filter((c) => c.kind === "check" && !follows(c.name));
  const keys = constraints.filter((c) => c.kind === "foreign-key");
  const names = [...[...checks, ...keys].map((c) => c.name), ...referencedBy.map((r) => r.constraint)];
  if (names.length === 0) return [];
  return [
    `${names.join(", ")}: ${tool} gives these constraints of ${show(relation)}, and of what points at it, other names.`,
  ];
}

/** What is rebuilt and stays the same table to running code, or becomes one that both codes know by then. */
function isRebuild(operation: Operation): operation is OtherOperation {
  if (operation.kind !== "other") return false;
  const { detail } = operation;
  switch (detail?.kind) {
    case "convert-charset":
    case "modify-column":
    case "partition-by":
    case "remove-partitioning":
    case "coalesce-partition":
    case "rebuild-table":
    case "maintain-table":
      return true;
    case "add-partition":
      return detail.count !== null;
    case "set-table-option":
      return !/^ENGINE$/i.test(detail.option);
    default:
      return false;
  }
}

const because = (refused: CopyRefusal, tool: string, why: string): Refusal =>
  new Refusal(`${refused.message} It is not handed to ${tool}: ${why}.`, refused.help);

/** @throws Refusal where the program cannot, or a row could get lost */
function mustBeAble(
  refused: CopyRefusal,
  operation: OtherOperation,
  table: Table,
  context: MysqlContext,
  osc: Osc,
): void {
  const { tool, given } = osc;
  const { catalog, dialect } = context;
  const { schema } = table.relation;
  if (schema !== null && schema !== catalog.defaultSchema)
    throw because(refused, tool.name, "the table is in another database than the one that is migrated");
  const unmet = tool.unmet({ table, catalog, dialect, given });
  if (unmet.length > 0) throw because(refused, tool.name, unmet.join("; "));
  const loss = lossOf(operation, refused.change, context);
  if (loss !== null) throw because(refused, tool.name, loss);
  if (context.file.length > 1)
    throw because(refused, tool.name, "it is not the only change of its file; write it as a migration of its own");
}

function commandFor({ relation }: Table, change: string, { catalog }: MysqlContext, osc: Osc): string {
  const database = relation.schema ?? catalog.defaultSchema ?? "DATABASE";
  const of = { database, table: relation.name, change };
  return commandOf(osc, { ...UNKNOWN, ...of, lockSeconds: USUAL_LOCK_SECONDS, given: osc.given });
}

function rebuilding(table: Table, change: string, context: MysqlContext, osc: Osc): Step {
  const { relation } = table;
  const { name } = osc.tool;
  return ddl({
    id: `${context.ordinal}-rebuild`,
    phase: "contract",
    stage: "swap",
    final: true,
    sql: [alter(relation, change)],
    probe: null,
    rewrite: true,
    scan: true,
    unlimited: true,
    locks: [locks.brief(relation)],
    reason: `${name} fills a new table beside readers and writers (${sizeOf(table)}), and exchanges the two; then the server is asked whether ${show(relation)} is what this asks for. Nothing takes it back.`,
    tool: { tool: name, relation, command: commandFor(table, change, context, osc) },
  });
}

/**
 * The step by which another program does what the server would do by copying while writes wait. It stands alone in its file, in
 * the contract phase, since nothing takes it back; code that is running by then has known the new table for a release.
 *
 * @throws Refusal where the program cannot, or a row could get lost
 */
export function handedOver(refused: CopyRefusal, operation: Operation, context: MysqlContext, osc: Osc): Phased {
  const table = findTable(context.catalog, refused.relation);
  if (!isRebuild(operation) || table === null) throw refused;
  mustBeAble(refused, operation, table, context, osc);
  const made = rebuilding(table, refused.change, context, osc);
  const { name } = osc.tool;
  return {
    steps: [made],
    retires: [],
    gates: [],
    claims: [{ relation: table.relation, name: null, change: `rebuilds ${show(table.relation)}` }],
    notes: [
      ...renamed(table, name),
      `\`apply\` starts ${name} for ${made.id}, with user and password in a file that only its user can read.`,
    ],
  };
}
