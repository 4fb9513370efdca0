import type { ReplicaReport, Session } from "../../engine.js";
import { type NamedReplicas, positions, type ReplicaPosition } from "../signals/replicas.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

function reasonFor(behind: readonly ReplicaPosition[]): string {
  const blind = behind.find((r) => r.replayed === null);
  return blind === undefined ? `not replayed yet by ${behind.map((r) => r.name).join(", ")}` : blind.why;
}

/** Whether every replica has replayed all that the primary has written until now. */
export async function replicasCaughtUp(primary: Session, named: NamedReplicas): Promise<ReplicaReport> {
  const { written } = await positions(primary);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const all = [...(await positions(primary)).replicas, ...(await named.positions())];
    const behind = all.filter((r) => r.replayed === null || r.replayed < written);
    if (behind.length === 0)
      return {
        caughtUp: true,
        reason: all.length === 0 ? "there is no replica" : `replayed by ${all.map((r) => r.name).join(", ")}`,
      };
    if (performance.now() > deadline) return { caughtUp: false, reason: reasonFor(behind) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
