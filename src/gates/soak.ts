import { closed, type Gate, type GateContext, type GateResult, open, unknown } from "./gate.js";

/** For people: `12 s`, `5 min`, `3 h`, `2 d`. */
export const human = (ms: number): string => {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 120) return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : `${minutes} min`;
  return minutes < 2880 ? `${Math.ceil(minutes / 60)} h` : `${Math.ceil(minutes / 1440)} d`;
};

/** A migration's own directive goes before the configuration. */
function settingOf(context: GateContext, name: "soak" | "park", fallback: number): number {
  const own = context.record.plan.gates.findLast((g) => g.name === name);
  return own === undefined ? fallback : Number(own.setting);
}

function since(name: string, from: Date | null, wantedMs: number, now: Date, what: string): GateResult {
  if (wantedMs === 0) return open(name, "no time asked for");
  if (from === null) return unknown(name, `when it was ${what} is not known`);
  const passed = now.getTime() - from.getTime();
  if (passed < wantedMs)
    return closed(name, `${what} ${human(passed)} ago, ${human(wantedMs - passed)} to go of ${human(wantedMs)}`);
  return open(name, `${what} ${human(passed)} ago`);
}

/** Time since expand and backfill finished, before the swap. */
export const soak: Gate = {
  name: "soak",
  async check(context) {
    if (context.stage !== "swap") return null;
    return since(
      "soak",
      context.record.backfilledAt,
      settingOf(context, "soak", context.soakMs),
      context.now,
      "backfilled",
    );
  },
};

/** Time that what goes away stays parked, before the drop. */
export const park: Gate = {
  name: "park",
  async check(context) {
    if (context.stage !== "drop") return null;
    return since("park", context.record.swappedAt, settingOf(context, "park", context.parkMs), context.now, "parked");
  },
};
