import { showSize } from "../../../files/size.js";
import { limitJudge } from "../../limit.js";
import { go, stop } from "../../reading.js";
import { defineSignal } from "../../signal.js";
import { size } from "../../signal-settings.js";

interface Slot {
  readonly name: string;
  readonly kind: string;
  readonly active: boolean;
  readonly retained: string;
  readonly status: string;
  /** What may be written before it is about to be lost; null without such a limit. */
  readonly safe: string | null;
}

/** A slot is lost beyond `max_slot_wal_keep_size`; of that a backfill leaves a fifth to others. */
const MOST_OF_KEPT = 0.8;

/** One that has been lost retains nothing any more. */
const SLOTS = `
  SELECT s.slot_name AS name, s.slot_type AS kind, s.active, s.wal_status AS status,
         s.safe_wal_size::text AS safe, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn)::text AS retained
    FROM pg_catalog.pg_replication_slots s
   WHERE s.restart_lsn IS NOT NULL AND s.wal_status IS DISTINCT FROM 'lost'
   ORDER BY s.wal_status = 'unreserved' DESC, s.restart_lsn
   LIMIT 1`;

/**
 * The WAL that replication slots keep the server from removing, logical and physical ones alike: a subscriber that is
 * slow or gone fills the disk, and a backfill writes more of it than anybody else. On by default: a full disk ends the
 * service, and it takes no privilege to look. A slot that is about to be lost (`max_slot_wal_keep_size`) stops at once, and
 * one that has used up most of that does before.
 */
export const slots = defineSignal({
  name: "slots",
  setting: size,
  byDefault: 10 * 1024 ** 3,
  open(max, watch) {
    const judge = limitJudge(max);
    const judgeShare = limitJudge(MOST_OF_KEPT);
    return {
      async read() {
        const [slot] = await watch.ask((s) => s.query<Slot>(SLOTS));
        if (slot === undefined) return go("no replication slot");
        const name = `the ${slot.kind} replication slot ${slot.name}${slot.active ? "" : ", which nobody reads from,"}`;
        if (slot.status === "unreserved")
          return stop(`${name} is about to be lost: it needs WAL beyond max_slot_wal_keep_size`);
        const retained = Number(slot.retained);
        const text = `${name} retains ${showSize(retained)} of WAL`;
        if (slot.safe !== null) {
          const kept = retained + Number(slot.safe);
          const share = judgeShare(
            retained / kept,
            `${text} of the ${showSize(kept)} that max_slot_wal_keep_size lets it`,
          );
          if (!share.ok || retained <= max) return share;
        }
        return judge(retained, `${text} (limit ${showSize(max)})`);
      },
    };
  },
});
