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
}

/** One that has been lost retains nothing any more. */
const SLOTS = `
  SELECT s.slot_name AS name, s.slot_type AS kind, s.active, s.wal_status AS status,
         pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn)::text AS retained
    FROM pg_catalog.pg_replication_slots s
   WHERE s.restart_lsn IS NOT NULL AND s.wal_status IS DISTINCT FROM 'lost'
   ORDER BY s.wal_status = 'unreserved' DESC, s.restart_lsn
   LIMIT 1`;

/**
 * The WAL that replication slots keep the server from removing, logical and physical ones alike: a subscriber that is
 * slow or gone fills the disk, and a backfill writes more of it than anybody else. On by default: a full disk ends the
 * service, and it takes no privilege to look. A slot that is about to be lost (`max_slot_wal_keep_size`) stops at once.
 */
export const slots = defineSignal({
  name: "slots",
  setting: size,
  byDefault: 10 * 1024 ** 3,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const [slot] = await watch.ask((s) => s.query<Slot>(SLOTS));
        if (slot === undefined) return go("no replication slot");
        const name = `the ${slot.kind} replication slot ${slot.name}${slot.active ? "" : ", which nobody reads from,"}`;
        if (slot.status === "unreserved")
          return stop(`${name} is about to be lost: it needs WAL beyond max_slot_wal_keep_size`);
        const retained = Number(slot.retained);
        return judge(retained, `${name} retains ${showSize(retained)} of WAL (limit ${showSize(max)})`);
      },
    };
  },
});
