import { showSize } from "../../../files/size.js";
import type { Session } from "../../engine.js";
import { limitJudge } from "../../limit.js";
import { meter } from "../../rate.js";
import { defineSignal } from "../../signal.js";
import { size } from "../../signal-settings.js";

async function position(session: Session): Promise<number> {
  const [row] = await session.query<{ bytes: string }>(
    "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::text AS bytes",
  );
  return Number(row?.bytes);
}

/** The WAL that all sessions together write a second. Off by default: what is much is up to disks, replicas and archive. */
export const walRate = defineSignal({
  name: "walRate",
  setting: size,
  open(max, watch) {
    const judge = limitJudge(max);
    const rate = meter();
    return {
      async read() {
        const bytes = await rate.perSecond(() => watch.ask(position));
        return judge(bytes, `the server writes ${showSize(bytes)} of WAL a second (limit ${showSize(max)})`);
      },
    };
  },
});
