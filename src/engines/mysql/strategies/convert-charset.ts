import type { Column, Table } from "../../../model/catalog.js";
import type { ConvertCharset } from "../../../model/detail/table.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { widths } from "../effects/modify/text-change.js";
import { isText, typeOf } from "../effects/modify/type.js";
import { quote } from "../names.js";
import { INSTANT, type MysqlContext, ONLINE } from "./algorithms.js";
import { alter } from "./ddl.js";
import { definitionOf } from "./literals.js";
import { changesOf } from "./modify/changes.js";
import { operationOf, wayBack } from "./modify/reverse.js";
import type { Modify } from "./modify/subject.js";
import { effectAlone, type Online, onlineWay } from "./online.js";
import { otherTool } from "./osc.js";
import { nothing, tableOf } from "./subject.js";
import { changeType } from "./type-change/index.js";
import { stepWith } from "./written.js";

/** All that the steps need to know. */
interface Conversion {
  readonly detail: ConvertCharset;
  readonly operation: OtherOperation;
  readonly context: MysqlContext;
  readonly table: Table;
}

const charsetText = ({ characterSet, collation }: ConvertCharset): string =>
  [`CHARACTER SET ${characterSet}`, ...(collation === null ? [] : [`COLLATE ${collation}`])].join(" ");

const changeText = ({ detail }: Conversion): string => `CONVERT TO ${charsetText(detail)}`;

const TEXTS: readonly string[] = ["tinytext", "text", "mediumtext", "longtext"];

/** As many characters as before must fit: TEXT becomes MEDIUMTEXT where a character may take more bytes. */
function widened(old: Column, { detail, table, context }: Conversion): string {
  const at = TEXTS.indexOf(typeOf(old.type, context.dialect).base);
  const { characterSet, collation } = detail;
  const definition = { type: old.type, characterSet, collation };
  const grows = widths(old, definition, table, null).some(([before, after]) => after > before);
  return at < 0 || !grows ? old.type : (TEXTS[at + 1] ?? old.type);
}

/** The column as CONVERT TO would define it; null where it is so already. */
function columnChange(c: Conversion, old: Column, part: number): Modify | null {
  const { detail, context, table } = c;
  const { characterSet, collation } = detail;
  const definition = definitionOf(old, { type: widened(old, c), characterSet, collation });
  const operation = operationOf(
    alter(table.relation, `MODIFY COLUMN ${quote(old.name)} ${definition}`),
    context.dialect,
  );
  if (operation?.detail?.kind !== "modify-column") throw unreadable(old);
  const changes = changesOf(operation.detail, old, table, context.dialect);
  return changes.size === 0 ? null : { context, operation, detail: operation.detail, table, old, changes, part };
}

const unreadable = (old: Column): Refusal =>
  new Refusal(
    `The definition of ${old.name} cannot be read again: ${definitionOf(old)}`,
    "Please report this definition.",
  );

/** MySQL prints a character set that a definition has named, even where it is the table's: said again without it, it does not. */
function unnamed(c: Conversion, columns: readonly Modify[]): string[] {
  if (c.context.dialect === "mariadb" || columns.length === 0) return [];
  const definitions = columns.map(
    ({ old, detail }) =>
      `MODIFY COLUMN ${quote(old.name)} ${definitionOf(old, { type: detail.definition.type, characterSet: null, collation: null })}`,
  );
  return [alter(c.table.relation, `${definitions.join(", ")}, ${INSTANT}`)];
}

/** What columns that are added later get. */
function setDefault(c: Conversion, columns: readonly Modify[]): Step {
  const { table, context, detail } = c;
  const change = `DEFAULT ${charsetText(detail)}`;
  const operation = operationOf(alter(table.relation, change), context.dialect);
  const way = operation === null ? null : onlineWay(operation, context);
  if (operation === null || way === null)
    throw otherTool(
      table,
      `Changing the default character set of ${show(table.relation)} rebuilds the table while writes wait`,
      changeText(c),
      context,
    );
  const before = [
    ...(table.characterSet == null ? [] : [`CHARACTER SET ${table.characterSet}`]),
    ...(table.collation == null ? [] : [`COLLATE ${table.collation}`]),
  ].join(" ");
  return stepWith(way.effect, context, {
    name: "default",
    phase: "contract",
    stage: "swap",
    sql: [alter(table.relation, `${change}, ${way.clause}`), ...unnamed(c, columns)],
    undo: before === "" ? [] : [alter(table.relation, `DEFAULT ${before}, ${way.clause}`)],
    reason: `Columns that are added to ${show(table.relation)} from here on are ${detail.characterSet}; those that are there have it already.`,
  });
}

/** Columns whose letters the server gives room without touching the rows, in one statement. */
function inPlace(c: Conversion, columns: readonly (readonly [Modify, Online])[]): Step[] {
  const [first] = columns;
  if (first === undefined) return [];
  const clause = columns.every(([, way]) => way.clause === INSTANT) ? INSTANT : ONLINE;
  const changes = columns.map(([m]) => `MODIFY COLUMN ${m.detail.definition.text}`);
  const backs = columns.map(([m]) => wayBack(m));
  return [
    stepWith(first[1].effect, c.context, {
      name: "convert",
      sql: [alter(c.table.relation, `${changes.join(", ")}, ${clause}`)],
      undo: backs.flatMap((back) => back ?? []),
      reason: `${columns.map(([m]) => m.old.name).join(", ")}: done in place, the rows stay as they are.`,
    }),
  ];
}

/** Two columns of one index cannot be exchanged one after the other. */
function refuseShared(c: Conversion, columns: readonly Modify[]): void {
  const names = columns.map((m) => m.old.name.toLowerCase());
  const index = c.table.indexes.find((i) => i.columns.filter((n) => names.includes(n.toLowerCase())).length > 1);
  if (index === undefined) return;
  const why = `Converting ${show(c.table.relation)} copies the table while writes wait, and the index ${index.name} is over several columns that change`;
  throw otherTool(c.table, why, changeText(c), c.context);
}

/** One column through a second one. @throws Refusal, with the whole conversion as what another tool is to do */
function exchanged(c: Conversion, m: Modify): Phased {
  try {
    return changeType(m);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [reason = ""] = error.message.split("; ");
    throw otherTool(c.table, reason, changeText(c), c.context);
  }
}

function planned(c: Conversion): Phased {
  const { table, context } = c;
  const texts = table.columns.filter((column) => isText(column.type));
  const columns = texts.flatMap((old, n) => columnChange(c, old, n + 1) ?? []);
  const ways = columns.map((m) => [m, onlineWay(m.operation, context)] as const);
  const online = ways.flatMap(([m, way]) => (way === null ? [] : [[m, way] as const]));
  const copied = ways.flatMap(([m, way]) => (way === null ? [m] : []));
  refuseShared(c, copied);
  const last = setDefault(c, columns);
  const exchanges = copied.map((m) => exchanged(c, m));
  const kept = online.filter(([m]) => wayBack(m) === null).map(([m]) => m.old.name);
  const own = { relation: table.relation, name: null, change: `converts ${show(table.relation)}` };
  return {
    steps: [...inPlace(c, online), ...exchanges.flatMap((p) => p.steps), last],
    retires: [],
    claims: [own, ...exchanges.flatMap((p) => p.claims ?? [])],
    gates: [],
    notes: exchanges.flatMap((p) => p.notes),
    ...(kept.length === 0
      ? {}
      : { leaves: [`A rollback leaves ${kept.join(", ")} converted: the way back would copy the table.`] }),
  };
}

/**
 * CONVERT TO CHARACTER SET, column by column: in place where the server does that, else through second columns; the
 * table's own default at the end.
 *
 * @throws Refusal
 */
export function convertCharset(detail: ConvertCharset, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = tableOf(operation.relation, context);
  const c: Conversion = { detail, operation, context, table };
  if (detail.characterSet === null)
    throw new Refusal(
      "CONVERT TO CHARACTER SET DEFAULT means what the database's default is when it runs.",
      "Write the character set by its name.",
    );
  if (!context.newTable) return planned(c);
  const made = stepWith(effectAlone(operation, context), context, {
    name: "convert",
    final: true,
    sql: [alter(table.relation, changeText(c))],
    reason: "The table is new in this release, so no running code knows it: the change is made at once.",
  });
  return { ...nothing(""), steps: [made], notes: [] };
}
