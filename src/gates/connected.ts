import type { ZodType } from "zod";
import type { ConnectedSessions } from "../engines/engine.js";
import type { Zod } from "../engines/signal.js";
import { ranBefore } from "../journal/rolled-out.js";
import { oneOrMore } from "../throttle/signals/one-or-more.js";
import { closed, type Gate, type GateContext, open, unknown } from "./gate.js";
import { hiddenReplicas, onEachServer } from "./servers.js";

const GATE = "connected";
const PLACE = "{release}";

/** How `gates.connected` is read: what sessions of the application call themselves, `shop-{release}`. */
export const connectedSetting = (z: Zod): ZodType<readonly string[], string | readonly string[]> =>
  oneOrMore<string, string>(
    z,
    z
      .string()
      .refine((text) => text.split(PLACE).length === 2, `does not say once where the release stands: write ${PLACE}`),
  );

/** The release that a session's name carries; null for a session of something else. */
function releaseIn(application: string, patterns: readonly string[]): string | null {
  // Of several that fit, the one that says more: `shop-{release}-worker` before `shop-{release}`.
  for (const pattern of patterns.toSorted((a, b) => b.length - a.length)) {
    const [before = "", after = ""] = pattern.split(PLACE);
    const ends = application.length - after.length;
    if (application.startsWith(before) && application.endsWith(after) && ends > before.length)
      return application.slice(before.length, ends);
  }
  return null;
}

/** Sessions whose names carry a release, and where they are. */
interface Carrying extends ConnectedSessions {
  readonly release: string;
  readonly on: string;
}

/** Does code of it know the new side? Of a release that no run has named that is not known. */
function isNew(name: string, { record, release, releases }: GateContext): boolean {
  if (name === release || name === record.expandRelease) return true;
  const { seen, without } = releases;
  if (!seen.has(name) || ranBefore(name, record.expandedAt, releases)) return false;
  return without.get(record.id)?.by.has(name) !== true;
}

const shown = ({ application, sessions, on }: Carrying): string =>
  `${application} (${sessions} ${sessions === 1 ? "session" : "sessions"} on ${on})`;

/** No session carries the name of a release before the one that expanded: `gates.connected` says where it stands in it. */
export const connected: Gate = {
  name: GATE,
  async check(context) {
    const { connected: patterns = [] } = context.settings;
    if (patterns.length === 0) return null;
    if (context.record.expandRelease === null) return unknown(GATE, "the run that expanded named no release");
    const hidden = await hiddenReplicas(context);
    if (hidden !== null) return unknown(GATE, hidden);
    const found = await onEachServer(context, async (on, session) =>
      (await context.database.connectedSessions(session)).flatMap((s): Carrying[] => {
        const release = releaseIn(s.application, patterns);
        return release === null ? [] : [{ ...s, release, on }];
      }),
    );
    const all = found.flat();
    const old = all.filter((s) => !isNew(s.release, context));
    const evidence = { sessions: all };
    if (old.length > 0) return closed(GATE, `of earlier or unknown releases: ${old.map(shown).join(", ")}`, evidence);
    if (all.length === 0) return unknown(GATE, `no session is called ${patterns.join(" or ")}`, evidence);
    return open(GATE, `of no earlier release: ${all.map(shown).join(", ")}`, evidence);
  },
};
