import type { ReplicaReport, Session } from "../../engine.js";
import { describe } from "../execute/errors.js";
import { beatsOf } from "../signals/beat.js";
import type { ReplicaSet } from "../signals/replica-set.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Writes one beat on the primary and waits until every replica shows it: then it shows all that came before, too. */
export async function replicasCaughtUp(primary: Session, replicas: ReplicaSet): Promise<ReplicaReport> {
  const members = await replicas.members();
  const gap = replicas.incomplete();
  if (gap !== null) return { caughtUp: false, reason: gap };
  if (members.length === 0) return { caughtUp: true, reason: "there is no replica" };
  const beats = await beatsOf(primary);
  try {
    const behind = await waitFor(members, async (session) => (await beats.newestOn(session)) !== null);
    if (behind.length === 0) return { caughtUp: true, reason: `all ${members.length} replicas have replayed it` };
    return { caughtUp: false, reason: `not replayed yet by ${behind.join(", ")}` };
  } finally {
    await beats.forget();
  }
}

async function waitFor(
  members: Awaited<ReturnType<ReplicaSet["members"]>>,
  shows: (session: Session) => Promise<boolean>,
): Promise<string[]> {
  const deadline = performance.now() + PATIENCE_MS;
  const ask = async ({ name, session, reason }: (typeof members)[number]): Promise<string | null> => {
    if (session === null) return `${name} (${reason})`;
    try {
      return (await shows(session)) ? null : name;
    } catch (error) {
      return `${name} (${describe(error)})`;
    }
  };
  for (;;) {
    const behind = (await Promise.all(members.map(ask))).filter((name) => name !== null);
    if (behind.length === 0 || performance.now() > deadline) return behind;
    await pause();
  }
}
