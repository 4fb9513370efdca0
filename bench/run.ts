import { benchBackfill } from "./backfill.js";
import { benchLint } from "./lint.js";
import { benchPlan } from "./plan.js";
import { type Row, table } from "./row.js";
import { benchStall } from "./stall.js";
import { benchTrigger } from "./trigger.js";
import { benchVerdicts } from "./verdicts.js";

/** `npm run bench -- [NAME...] [--json]`: without a name all of them. */
const BENCHES: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  lint: benchLint,
  plan: benchPlan,
  backfill: benchBackfill,
  trigger: benchTrigger,
  stall: benchStall,
  verdicts: benchVerdicts,
};

const args = process.argv.slice(2);
const named = args.filter((arg) => arg !== "--json");
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown.join(", ")}"; there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const name of named.length === 0 ? Object.keys(BENCHES) : named) rows.push(...((await BENCHES[name]?.()) ?? []));
process.stdout.write(args.includes("--json") ? `${JSON.stringify({ rows })}\n` : table(rows));
process.exitCode = rows.some(({ ok }) => ok === false) ? 1 : 0;
