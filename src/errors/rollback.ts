import { rowsText } from "../plural.js";
import type { Prose } from "./prose.js";

/** Why it is not known whether anybody wrote a value of a column that goes. */
const UNSURE = {
  default: "Its default is computed for each row: whether it gave these values, or somebody wrote them, is not known.",
  file: "The migration fills the column itself: whether somebody has written there besides is not known.",
} as const;

/** What stops a rollback. */
export const ROLLBACK = {
  "rollback-impossible": (d: { id: string; reason: string; help?: string }) => ({
    exit: 1,
    message: `Migration ${d.id} cannot be rolled back: ${d.reason}`,
    help: d.help ?? "Write a new migration that brings back what is needed.",
  }),
  "undo-in-way": (d: {
    id: string;
    table: string;
    column: string;
    kind: "index" | "constraint" | "foreign key" | "generated column";
    name: string;
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} uses ${d.column} of ${d.table}, and has come since migration ${d.id} was planned: what takes that back would fail for it halfway. Nothing was undone.`,
    help: "Drop it (where a migration has made it, by `zmigrate rollback`), run this again, and make it anew on the old name if it is to stay.",
  }),
  "undo-held": (d: {
    id: string;
    /** What would be taken away, and what is built on it. */
    holders: readonly { readonly user: string; readonly used: string }[];
    /** Columns that go, by their table, with the ones that stay and the names that those have by then. */
    columns: readonly { readonly column: string; readonly stays: string; readonly as: string }[];
    /** A rollback has undone a part of it already. */
    begun: boolean;
  }) => ({
    exit: 3,
    message: `A rollback of migration ${d.id} takes away what is in use, and the server would refuse that halfway: ${d.holders.map((h) => `${h.user} uses ${h.used}`).join("; ")}. ${d.begun ? "The rollback was begun before; nothing more of it was undone." : "Nothing was undone."}`,
    help: `Drop each of these (where a migration has made it, by \`zmigrate rollback\`), or make it anew without what goes${d.columns
      .map(
        ({ column, stays, as }) =>
          `: over ${stays} in the place of ${column}${stays === as ? "" : ` (the rollback calls it ${as} again, and what names it follows)`}`,
      )
      .join(
        ", ",
      )}. Then run \`zmigrate rollback ${d.id}\` again${d.begun ? ", which finishes it; `zmigrate apply` begins the migration anew behind that" : ""}.`,
  }),
  "rollback-loses": (d: {
    id: string;
    relation: string;
    kept: string;
    lost: string;
    mismatches: number;
    examples: readonly string[];
    update: string;
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would lose what only ${d.lost} holds in ${rowsText(d.mismatches)} of ${d.relation}: ${d.kept}, which stays, differs there. Keys of some: ${d.examples.join(" | ")}. Nothing was undone.`,
    help: `Look at these rows. To keep what ${d.lost} holds, make them equal (in batches, if they are many), and run this again; to lose it, pass --accept-loss.\n  ${d.update};`,
  }),
  "rollback-takes": (d: {
    id: string;
    relation: string;
    column: string;
    /** Null where the table has no key to count them by. */
    rows: number | null;
    /** The column stays, and what it was does not hold these values. */
    stays?: boolean;
    /** What else may have given the rows these values. */
    unsure?: keyof typeof UNSURE;
    examples: readonly string[];
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would ${d.stays === true ? `lose what was written to ${d.column} of ${d.relation} since, and what it was before does not hold,` : `drop ${d.column} of ${d.relation}, which it added, with ${d.unsure === undefined ? "what was written there" : "the values"}`} in ${d.rows === null ? "some rows" : rowsText(d.rows)}.${d.unsure === undefined ? "" : ` ${UNSURE[d.unsure]}`}${d.examples.length === 0 ? "" : ` Keys of some: ${d.examples.join(" | ")}.`} Nothing was undone.`,
    help: "Keep the values elsewhere, if they are needed; to lose them, pass --accept-loss.",
  }),
  "rollback-violates": (d: {
    id: string;
    /** Null where the table has no key to count them by. */
    rows: number | null;
    /** `of public.t hold NULL in c` */
    what: string;
    examples: readonly string[];
    help: string;
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would make strict again what it let go, and ${d.rows === null ? "some rows" : rowsText(d.rows)} ${d.what}.${d.examples.length === 0 ? "" : ` Keys of some: ${d.examples.join(" | ")}.`} Nothing was undone.`,
    help: d.help,
  }),
  "rollback-drops": (d: { id: string; table: string }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would drop ${d.table}, which it made and which holds rows. Nothing was undone.`,
    help: "Keep the rows elsewhere, if they are needed; to lose them, pass --accept-loss.",
  }),
  "rollback-halfway": (d: { id: string; waiting: readonly { readonly id: string; readonly name: string }[] }) => ({
    exit: 4,
    message: `The swap of migration ${d.id} is taken back, and both names of what it renames are in use again. What ${d.waiting.map((w) => `${w.id} (${w.name})`).join(", ")} has made for the new ones goes before the rest.`,
    help: `Run ${d.waiting
      .toReversed()
      .map((w) => `\`zmigrate rollback ${w.id}\``)
      .join(", ")}, then \`zmigrate rollback ${d.id}\` again, which finishes it.`,
  }),
} satisfies Record<string, (data: never) => Prose>;
