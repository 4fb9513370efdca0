import type { OldWriter } from "../engines/engine.js";
import type { Retired } from "../model/plan.js";
import { closed, type Gate, type GateContext, type GateResult, open, unknown } from "./gate.js";
import { human } from "./soak.js";

const GATE = "old-writers";

/** A writer is noted once in as much time at least, milliseconds: it may have written until then. */
const NOTED_EVERY_MS = 60_000;

interface Watched {
  readonly column: string;
  readonly last: OldWriter | null;
}

const wrote = ({ column, last }: Watched): string =>
  last === null
    ? `nobody has written ${column} alone since it is watched`
    : `${column} was last written by old code ${human(last.secondsAgo * 1_000)} ago by ${last.who ?? "a transaction that was not committed"}`;

function judged(all: readonly Watched[], wantedMs: number, watchedMs: number): GateResult {
  const quietOf = ({ last }: Watched) =>
    last === null ? watchedMs : Math.min(watchedMs, Math.max(0, last.secondsAgo * 1_000 - NOTED_EVERY_MS));
  const quietMs = Math.min(...all.map(quietOf));
  const evidence = {
    wantedMs,
    quietMs,
    columns: all.map(({ column }) => column),
    writers: all.flatMap(({ last }) => last?.who ?? []),
  };
  const words = all.map(wrote).join("; ");
  if (quietMs >= wantedMs) return open(GATE, words, evidence);
  const watched = `it is watched for ${human(watchedMs)}`;
  return closed(GATE, `${words}; ${watched}, ${human(wantedMs - quietMs)} to go of ${human(wantedMs)}`, evidence);
}

async function watchedOf({ database, session }: GateContext, retires: readonly Retired[]): Promise<Watched[]> {
  const all: Watched[] = [];
  for (const { column, writers } of retires)
    if (writers !== undefined) all.push({ column, last: await database.lastWriter(session, writers) });
  return all;
}

/**
 * Nobody has written the old side of a change alone for as long as `-- zmigrate:gate old-writers=1h` says, by what the
 * triggers note that keep both sides equal. Behind the swap nobody can.
 */
export const oldWriters: Gate = {
  name: GATE,
  async check(context) {
    const { record, stage, now } = context;
    const setting = record.plan.gates.findLast((g) => g.name === GATE)?.setting;
    if (setting === undefined || stage === "drop") return null;
    const all = await watchedOf(context, record.plan.retires);
    if (all.length === 0)
      return unknown(
        GATE,
        "no trigger keeps two sides of this change equal, so that none tells who writes the old one",
      );
    if (record.expandedAt === null) return unknown(GATE, "when it was expanded is not known");
    return judged(all, Number(setting), now.getTime() - record.expandedAt.getTime());
  },
};
