import type { Patience, ReplicaReport, Session } from "../../engine.js";
import { type NamedReplicas, positions, type ReplicaPosition } from "../signals/replicas.js";

/** How long the gate gives replicas to replay what was just written, milliseconds. */
const PATIENCE_MS = 3_000;

const size = (bytes: bigint): string =>
  bytes < 1_048_576n ? `${(Number(bytes) / 1024).toFixed(1)} kB` : `${(Number(bytes) / 1_048_576).toFixed(1)} MB`;

/** Which one is behind, and by how much of the primary's log. */
function late({ name, replayed }: ReplicaPosition, written: bigint): string {
  return `replica ${name} is ${size(written - (replayed ?? 0n))} of WAL behind: it has not replayed yet what the primary had written`;
}

function closedFor(behind: readonly ReplicaPosition[], written: bigint): ReplicaReport {
  const blind = behind.find((r) => r.replayed === null);
  if (blind !== undefined) return { caughtUp: false, reason: blind.why };
  return { caughtUp: false, catchingUp: true, reason: behind.map((r) => late(r, written)).join("; ") };
}

/** Whether every replica has replayed all that the primary has written until now, but for those that are ignored. */
export async function replicasCaughtUp(
  primary: Session,
  named: NamedReplicas,
  ignored: readonly string[],
  patience?: Patience,
): Promise<ReplicaReport> {
  const { written } = await positions(primary, ignored);
  const deadline = performance.now() + (patience?.ms ?? PATIENCE_MS);
  for (;;) {
    const all = [...(await positions(primary, ignored)).replicas, ...(await named.positions())];
    const behind = all.filter((r) => r.replayed === null || r.replayed < written);
    if (behind.length === 0)
      return {
        caughtUp: true,
        reason: all.length === 0 ? "there is no replica" : `replayed by ${all.map((r) => r.name).join(", ")}`,
      };
    if (performance.now() > deadline || patience?.signal.aborted === true) return closedFor(behind, written);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
