import type { ReplicaReport, Session } from "../../engine.js";
import { within } from "../../kept.js";
import { replicaReason, replicaUnusable } from "../../replica.js";
import { classify, describe } from "../execute/errors.js";
import { beatsOf } from "../signals/beat.js";
import { ANSWER_MS, type ReplicaSet } from "../signals/replica-set.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Writes one beat on the primary and waits until every replica shows it: then it shows all that came before, too. */
export async function replicasCaughtUp(primary: Session, replicas: ReplicaSet): Promise<ReplicaReport> {
  const members = await replicas.members();
  const gap = replicas.incomplete();
  if (gap !== null) return { caughtUp: false, reason: gap };
  if (members.length === 0) return { caughtUp: true, reason: "there is no replica" };
  const beats = await beatsOf(async () => primary);
  try {
    const behind = await waitFor(members, async (session) => (await beats.newestOn(session)) !== null);
    if (behind.length === 0) return { caughtUp: true, reason: `all ${members.length} replicas have replayed it` };
    return { caughtUp: false, reason: behind.join("; ") };
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
    if (session === null) return reason;
    try {
      return (await within(ANSWER_MS, shows(session))) ? null : `replica ${name} has not replayed it yet`;
    } catch (error) {
      return replicaReason(replicaUnusable(name, error, { classify, describe }));
    }
  };
  for (;;) {
    const behind = (await Promise.all(members.map(ask))).filter((name) => name !== null);
    if (behind.length === 0 || performance.now() > deadline) return behind;
    await pause();
  }
}
