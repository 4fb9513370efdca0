import { rowsText } from "../plural.js";
import type { Prose } from "./prose.js";

/** What a migration under way needs and somebody has changed meanwhile. */
export const DRIFT = {
  "table-gone": (d: {
    id: string;
    table: string;
    /** What gives its name back, where it stands under another one. */
    nameBack: string | null;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} changes ${d.table}, which is gone${d.nameBack === null ? "" : ": it has another name by now"}. Nothing was changed.`,
    help:
      d.nameBack === null
        ? `Bring the table back and run the same command again. If it is gone for good, run \`zmigrate rollback ${d.id} --accept-loss\`, which counts what was made of it as undone, and remove the migration's file or what it says of the table.`
        : `Give it its name back: ${d.nameBack}; then run the same command again.`,
  }),
  "column-gone": (d: {
    id: string;
    table: string;
    column: string;
    replacement: string | null;
    /** What gives its name back, where it is known under another one. */
    nameBack: string | null;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} changes the column ${d.column} of ${d.table}, which is gone: ${
      d.nameBack === null ? "somebody has dropped or renamed it" : "it has another name by now"
    }. Nothing was changed.`,
    help: `${
      d.nameBack === null
        ? "If it was renamed, give it its name back. If it was dropped, add it again with its type. Then"
        : `Give it its name back: ${d.nameBack} then`
    } run the same command again.${
      d.replacement === null || d.nameBack !== null
        ? ""
        : ` What it held may be in ${d.replacement} only, which \`zmigrate rollback ${d.id} --accept-loss\` drops.`
    }`,
  }),
  "new-column-gone": (d: {
    id: string;
    table: string;
    column: string;
    /** The column that holds all of its values. */
    kept: string;
    /** What gives its name back, where it is known under another one. */
    nameBack: string | null;
    /** After the swap: what makes the parked column the new one. */
    fromParked: string | null;
    /** Present, and true, after the swap of a column that is computed from the parked one: only a person can make it again. */
    computed?: boolean;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} has made the column ${d.column} of ${d.table}, which is gone: ${
      d.nameBack === null ? "somebody has dropped or renamed it" : "it has another name by now"
    }. Nothing was changed.`,
    help: `${
      d.nameBack === null
        ? `If it was renamed, give it its name back, and run the same command again. If it was dropped: what it held is in ${d.kept}`
        : `Give it its name back: ${d.nameBack} then run the same command again. What it held is in ${d.kept}, too`
    }${
      d.computed === true
        ? ` only, which nothing drops as long as it is so: add ${d.column} again, fill it from there, and run the same command again.`
        : d.fromParked === null
          ? `${d.nameBack === null ? `; \`zmigrate rollback ${d.id} --accept-loss\` takes back the rest, and \`zmigrate apply\` begins anew` : ""}.`
          : d.nameBack === null
            ? ` only, which nothing drops as long as it is so. Run: ${d.fromParked} then \`zmigrate apply --contract --release NEXT --park 0\`, which finishes the migration. Look at the NOT NULL, the default and the indexes of ${d.column} after that.`
            : "."
    }`,
  }),
  "column-renamed": (d: {
    id: string;
    table: string;
    column: string;
    /** What gives its name back; several where the server does not tell which column it is. */
    nameBack: readonly string[];
    /** What adds one of its name, where it may have been dropped; null where it is known to be there. */
    again: string | null;
    /** What gives another name to the column that has its own by now; absent where none has. */
    aside?: string;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} needs the column ${d.column} of ${d.table}, which ${d.again === null ? "has" : "is gone, or has"} another name by now. Nothing was changed.`,
    help:
      d.again === null
        ? d.aside === undefined
          ? `Give it its name back: ${d.nameBack.join(" ")} then run the same command again.`
          : `Another column has its name, which no trigger of the migration writes. Give both other names: ${d.aside} ${d.nameBack.join(" ")} then run the same command again.`
        : `If somebody has renamed it, give it its name back, and run the same command again: ${d.nameBack.join(" or ")} If it was dropped, add one in its place, which the migration's drop takes away: ${d.again}`,
  }),
  "column-another": (d: {
    id: string;
    table: string;
    column: string;
    /** The column that holds what it held at the swap. */
    parked: string;
    /** Rows that differ; null where they were not counted. */
    rows: number | null;
    /** Keys of some. */
    examples: readonly string[];
    /** The trigger that is missing; null where none is. */
    trigger: string | null;
    /** Makes the parked column the one that it was. */
    remake: readonly string[];
    /** Drops the parked column. */
    keep: readonly string[];
  }) => ({
    exit: 3,
    message: `The column ${d.column} of ${d.table} need not be the one that migration ${d.id} has made: ${
      d.trigger !== null
        ? `the trigger ${d.trigger}, by which ${d.parked} follows it, is gone or switched off`
        : d.rows === null
          ? `it stands behind ${d.parked}, as one does that was dropped and added again`
          : `${rowsText(d.rows)} hold something else than ${d.parked}, which follows it. Keys of some: ${d.examples.join(" | ")}`
    }. Nothing was changed.`,
    help: `What it held is in ${d.parked}, too, and may be there only: nothing drops that as long as it is so. If somebody has dropped ${d.column} and added it again, look at what was written to it since, and make the parked one it:${d.remake.map((sql) => `\n  ${sql};`).join("")}\nIf ${d.column} is right as it is, take the parked one away:${d.keep.map((sql) => `\n  ${sql};`).join("")}\nThen run \`zmigrate apply --contract --release NEXT --park 0\`, which finishes the migration. Look at the NOT NULL, the default and the indexes of ${d.column} after that.`,
  }),
  "trigger-gone": (d: {
    id: string;
    table: string;
    triggers: readonly string[];
    /** Statements that make them again, each with its end. */
    sql: readonly string[];
    /** After the swap: the columns that hold what was there before; else none. */
    parked: readonly string[];
  }) => ({
    exit: 3,
    message: `Migration ${d.id} keeps two sides of ${d.table} in step by triggers, of which ${d.triggers.join(", ")} ${d.triggers.length === 1 ? "is" : "are"} gone or switched off: what is written to one side does not reach the other. Nothing was changed.`,
    help: `${
      d.parked.length === 0
        ? `Run \`zmigrate rollback ${d.id}\`, which says what it would lose: the next \`zmigrate apply\` begins anew. Or make`
        : `What was there before the swap is in ${d.parked.join(", ")}, which nothing drops as long as it is so: if somebody has dropped and added a column again, take its values from there. Then make`
    } what is missing again, look at the rows that were written meanwhile, and run the same command again:\n${d.sql.join("\n")}`,
  }),
  "carried-gone": (d: {
    id: string;
    table: string;
    kind: "index" | "constraint";
    name: string;
    needed: "swap" | "back";
    sql: readonly string[];
  }) => ({
    exit: 3,
    message: `${d.needed === "swap" ? `The swap of migration ${d.id}` : `What takes back the swap of migration ${d.id}`} renames the ${d.kind} ${d.name} of ${d.table}, which is gone: somebody has dropped or renamed it. Nothing was changed.`,
    help: `If it was renamed, give it its name back. ${
      d.needed === "swap"
        ? `To do without it, run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, from what is there by then.`
        : "To leave the swap as it is, run `zmigrate apply --contract`, which finishes the migration."
    } If it was dropped, make it again, and then run the same command again:${d.sql.map((sql) => `\n  ${sql};`).join("")}`,
  }),
  "carried-other": (d: {
    id: string;
    table: string;
    kind: "index" | "constraint";
    name: string;
    twin: string;
    needed: "swap" | "back";
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} of ${d.table} is not made as ${d.twin}, with which ${d.needed === "swap" ? `the swap of migration ${d.id}` : `what takes back the swap of migration ${d.id}`} exchanges it: somebody has made it anew. Nothing was changed.`,
    help:
      d.needed === "swap"
        ? `Run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, and carries over what is there by then.`
        : `Make ${d.twin} like it, and run this again; or leave the swap as it is: \`zmigrate apply --contract\` finishes the migration.`,
  }),
  "carried-added": (d: {
    id: string;
    table: string;
    column: string;
    kind: "index" | "constraint" | "foreign key" | "generated column";
    name: string;
    /** Present, and true, where beginning anew does not carry it over. */
    waits?: boolean;
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} of ${d.table} names the column ${d.column} and has come since migration ${d.id} was planned: ${d.waits === true ? "its contract would fail for it, or" : "the swap would"} leave it on the column that goes. Nothing was changed.`,
    help:
      d.waits === true
        ? "Drop it (where a migration has made it, by `zmigrate rollback`), and make it in a migration of its own, which waits for this one."
        : `Run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, and carries it over. Or drop it, and make it in a migration of its own.`,
  }),
} satisfies Record<string, (data: never) => Prose>;
