import type { Prose } from "./prose.js";

/** What is wrong with a rebuild of a table by another program (`osc`). */
export const REBUILD = {
  "osc-unfit": (d: { tool: string; reason: string }) => ({
    exit: 2,
    message: `\`osc\` in the configuration names ${d.tool}: ${d.reason}.`,
    help: "Correct it, or leave `osc` out: what the server would copy is then refused.",
  }),
  "osc-missing": (d: { tool: string; path: string; get: string }) => ({
    exit: 2,
    message: `${d.tool} is not there: ${d.path} is no program that this user may run. Nothing was changed.`,
    help: `${d.get} Or name its file: \`path\` of \`osc\` in the configuration.`,
  }),
  "osc-another": (d: { step: string; tool: string; configured: string | null }) => ({
    exit: 2,
    message: `The step ${d.step} was planned for ${d.tool}, and the configuration ${d.configured === null ? "has no `osc`" : `names ${d.configured}`}.`,
    help: `Name ${d.tool} again. Or \`zmigrate rollback\` the migration, which drops what ${d.tool} has left, and apply it anew.`,
  }),
  "osc-refused": (d: { tool: string; table: string; reasons: readonly string[] }) => ({
    exit: 3,
    message: `${d.tool} cannot rebuild ${d.table}: ${d.reasons.join("; ")}. It was not started.`,
    help: "Mend that, or name another tool in `osc` of the configuration.",
  }),
  /** `kept`: the table as it was before the exchange is among them. */
  "osc-left": (d: { tool: string; table: string; found: readonly string[]; kept: boolean }) => ({
    exit: 3,
    message: d.kept
      ? `${d.table} is not what the migration asks for, and the table as it was is kept: ${d.found.join(", ")}.`
      : `${d.tool} would make what is there already, and no run of this migration has: ${d.found.join(", ")}.`,
    help: d.kept
      ? `Compare the two. Then give ${d.table} its former table back by RENAME TABLE, or drop that one, and run \`zmigrate apply\` again.`
      : "Another rebuild of this table may be under way, or have been cut off. See whose they are, and drop them when nobody needs them.",
  }),
  "osc-gone": (d: { tool: string; table: string; found: readonly string[] }) => ({
    exit: 3,
    message: `There is no ${d.table} any more, which ${d.tool} was to rebuild${d.found.length === 0 ? "" : `; there is ${d.found.join(", ")}`}.`,
    help: `Nothing more is dropped. ${d.found.length === 0 ? `Bring ${d.table} back` : `Look which of these has all rows, and give it the name back (RENAME TABLE ... TO ${d.table})`}; then run this again.`,
  }),
} satisfies Record<string, (data: never) => Prose>;
