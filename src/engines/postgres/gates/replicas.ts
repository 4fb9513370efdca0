import type { ReplicaReport, Session } from "../../engine.js";
import { positions, replayedBy } from "../signals/replicas.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

/** Whether every replica has replayed all that the primary has written until now. */
export async function replicasCaughtUp(primary: Session, replicas: readonly Session[]): Promise<ReplicaReport> {
  const { written } = await positions(primary);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const known = (await positions(primary)).replicas;
    const named = await Promise.all(replicas.map((r, n) => replayedBy(r, `--replica-url ${n + 1}`)));
    const all = [...known, ...named];
    const behind = all.filter((r) => r.replayed === null || r.replayed < written);
    if (behind.length === 0)
      return {
        caughtUp: true,
        reason: all.length === 0 ? "there is no replica" : `replayed by ${all.map((r) => r.name).join(", ")}`,
      };
    if (performance.now() > deadline)
      return { caughtUp: false, reason: `not replayed yet by ${behind.map((r) => r.name).join(", ")}` };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
