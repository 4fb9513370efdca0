import type { Engine, Named, Session, UsedStatement, UsedStatements } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import { isCut } from "../queries/collect.js";
import { closed, type Gate, type GateContext, type GateResult, open, unknown } from "./gate.js";
import { goingAt } from "./going.js";
import { hiddenReplicas, onEachServer } from "./servers.js";
import { human } from "./soak.js";

const GATE = "unused";

/** A name that another spelling may stand for. */
const isPlain = (name: string): boolean => !/["`\\]/.test(name);

/** True for a statement that names it, null where that cannot be told. */
function names({ text }: UsedStatement, going: Named, context: GateContext, catalog: Catalog): boolean | null {
  if (text === null || isCut(text)) return null;
  const name = going.column ?? going.relation.name;
  if (isPlain(name) && !/u&"/i.test(text) && !text.toLowerCase().includes(name.toLowerCase())) return false;
  const { database } = context;
  let told: boolean | null = false;
  for (const { read } of database.engine.readQueries(text)) {
    if (read.kind === "query" && database.namesColumn(read.sql, going, catalog)) return true;
    if (read.kind === "unreadable") told = null;
  }
  return told;
}

/** What was seen of a server that only counts, when it was looked at last. */
interface Counted {
  /** Since when it is looked at without a gap, milliseconds. */
  readonly since: number;
  readonly lost: string;
  /** By statement: its count, and when it was seen to have another one. */
  readonly seen: Readonly<Record<string, readonly [calls: number, at: number]>>;
}

/** What is remembered now: a statement that was not counted before has run by now at the latest. */
function remembered(before: Counted | null, lost: string, found: readonly UsedStatement[], now: number): Counted {
  const known = before?.lost === lost ? before : null;
  const seen = found.map(({ id, calls }) => {
    const [former, at] = known?.seen[id] ?? [];
    return [id, [calls, at !== undefined && former === calls ? at : now]] as const;
  });
  return { since: known?.since ?? now, lost, seen: Object.fromEntries(seen) };
}

/** A server, and for how long nothing of it has run. */
interface Told {
  readonly on: string;
  readonly quietMs: number;
  readonly used: readonly UsedStatement[];
  readonly unclear: readonly UsedStatement[];
}

async function counted(on: string, used: UsedStatements, found: UsedStatement[], context: GateContext) {
  const text = await context.memory.read(on);
  const now = context.now.getTime();
  const memory = remembered(text === null ? null : (JSON.parse(text) as Counted), used.lost, found, now);
  await context.memory.keep?.(on, JSON.stringify(memory));
  const quiet = (id: string) => now - (memory.seen[id]?.[1] ?? now);
  return { quiet, toldMs: now - memory.since };
}

async function tellOf(on: string, session: Session, context: GateContext, catalog: Catalog): Promise<Told> {
  const going = goingAt(context);
  const all = await context.database.usedStatements(session);
  const judged = all.statements.map((s) => {
    const each = going.map((g) => names(s, g, context, catalog));
    return { s, names: each.includes(true) ? true : each.includes(null) ? null : false };
  });
  const found = judged.filter((j) => j.names !== false).map((j) => j.s);
  const clocked = all.toldSeconds !== null;
  const { quiet, toldMs } = clocked
    ? { quiet: (_: string) => 0, toldMs: (all.toldSeconds ?? 0) * 1_000 }
    : await counted(on, all, found, context);
  const quietOf = (s: UsedStatement) => (s.secondsAgo === null ? quiet(s.id) : s.secondsAgo * 1_000);
  const wantedMs = wantedBy(context);
  const late = (named: boolean | null) =>
    judged.filter((j) => j.names === named && quietOf(j.s) < wantedMs).map((j) => j.s);
  const quietMs = Math.min(toldMs, ...found.map(quietOf));
  return { on, quietMs, used: late(true), unclear: late(null) };
}

const wantedBy = ({ record }: GateContext): number =>
  Number(record.plan.gates.findLast((g) => g.name === GATE)?.setting ?? 0);

/** Constants may stand in the text of a statement: its verb and id will do. */
const shown = ({ id, text }: UsedStatement): string => `${/^\w+/.exec(text ?? "")?.[0] ?? "statement"} ${id}`;

async function toldBy(context: GateContext): Promise<Told[]> {
  const { database, session } = context;
  const engine: Engine = database.engine;
  await engine.load();
  const catalog = await database.introspect(session);
  return onEachServer(context, (on, reader) => tellOf(on, reader, context, catalog));
}

function judged(told: readonly Told[], wantedMs: number): GateResult {
  const quietMs = Math.min(...told.map((t) => t.quietMs));
  const list = (of: "used" | "unclear") => told.flatMap((t) => t[of].map((s) => `${shown(s)} on ${t.on}`));
  const [used, unclear] = [list("used"), list("unclear")];
  const evidence = { wantedMs, quietMs, servers: told.map((t) => t.on), used, unclear };
  const some = (all: readonly string[]) => `${all.slice(0, 5).join(", ")}${all.length > 5 ? ", ..." : ""}`;
  if (used.length > 0)
    return closed(GATE, `statements that name it have run within ${human(wantedMs)}: ${some(used)}`, evidence);
  if (unclear.length > 0)
    return unknown(
      GATE,
      `what these name cannot be told, and they have run within ${human(wantedMs)}: ${some(unclear)}`,
      evidence,
    );
  if (quietMs >= wantedMs) return open(GATE, `no statement that names it has run for ${human(quietMs)}`, evidence);
  const why = "the statistics are looked at without a gap since then";
  return closed(
    GATE,
    `no statement that names it has run for ${human(quietMs)}: ${why}, ${human(wantedMs - quietMs)} to go of ${human(wantedMs)}`,
    evidence,
  );
}

/**
 * No statement that names what goes away has run for as long as `-- zmigrate:gate unused=1h` says, by the statistics of the
 * primary and of each replica: parsed and resolved to tables and columns.
 */
export const unused: Gate = {
  name: GATE,
  async check(context) {
    if (!context.record.plan.gates.some((g) => g.name === GATE) || goingAt(context).length === 0) return null;
    const hidden = await hiddenReplicas(context);
    return hidden === null ? judged(await toldBy(context), wantedBy(context)) : unknown(GATE, hidden);
  },
};
