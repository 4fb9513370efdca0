import type { Patience, ReplicaReport, Session } from "../../engine.js";
import { within } from "../../kept.js";
import { replicaReason, replicaUnusable } from "../../replica.js";
import { classify, describe } from "../execute/errors.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { beatsOf } from "../signals/beat.js";
import { ANSWER_MS, type Member, type ReplicaSet } from "../signals/replica-set.js";
import { standingOf } from "../signals/standing.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** A replica that does not show the beat, and whether it will by itself. */
interface Behind {
  readonly reason: string;
  readonly runs: boolean;
}

/** Writes one beat on the primary and waits until every replica shows it: then it shows all that came before, too. */
export async function replicasCaughtUp(
  primary: Session,
  replicas: ReplicaSet,
  dialect: MysqlDialect,
  patience?: Patience,
): Promise<ReplicaReport> {
  const members = await replicas.members();
  const gap = replicas.incomplete();
  if (gap !== null) return { caughtUp: false, reason: gap };
  if (members.length === 0) return { caughtUp: true, reason: "there is no replica" };
  const beats = await beatsOf(async () => primary);
  try {
    const shows = async (session: Session) => (await beats.newestOn(session)) !== null;
    const behind = await waitFor(members, shows, dialect, patience);
    if (behind.length === 0) return { caughtUp: true, reason: `all ${members.length} replicas have replayed it` };
    const catchingUp = behind.every((b) => b.runs);
    return { caughtUp: false, catchingUp, reason: behind.map((b) => b.reason).join("; ") };
  } finally {
    await beats.forget();
  }
}

async function lateness(name: string, session: Session, dialect: MysqlDialect): Promise<Behind> {
  const { text, runs } = await standingOf(session, dialect);
  return { reason: `replica ${name} ${text}: it has not replayed yet what the primary had written`, runs };
}

async function waitFor(
  members: readonly Member[],
  shows: (session: Session) => Promise<boolean>,
  dialect: MysqlDialect,
  patience: Patience | undefined,
): Promise<Behind[]> {
  const deadline = performance.now() + (patience?.ms ?? PATIENCE_MS);
  const ask = async (member: Member, last: boolean): Promise<Behind | null> => {
    const { name, session, reason } = member;
    if (session === null) return { reason, runs: false };
    try {
      if (await within(ANSWER_MS, shows(session))) return null;
      return last ? await within(ANSWER_MS, lateness(name, session, dialect)) : { reason: "", runs: true };
    } catch (error) {
      return { reason: replicaReason(replicaUnusable(name, error, { classify, describe })), runs: false };
    }
  };
  for (;;) {
    const last = performance.now() > deadline || patience?.signal.aborted === true;
    const behind = (await Promise.all(members.map((member) => ask(member, last)))).filter((b) => b !== null);
    if (behind.length === 0 || last) return behind;
    await pause();
  }
}
