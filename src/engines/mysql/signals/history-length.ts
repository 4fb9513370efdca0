import type { Session } from "../../engine.js";
import { limitJudge } from "../../limit.js";
import { defineSignal, Unseen, type Watch } from "../../signal.js";
import { count } from "../../signal-settings.js";
import { seeing, statusOf } from "./sight.js";

const COUNTER = "trx_rseg_history_len";

async function lengthOnMysql(session: Session): Promise<number> {
  const [row] = await session.query<{ length: string; status: string }>(
    `SELECT COUNT AS length, STATUS AS status FROM information_schema.INNODB_METRICS WHERE NAME = '${COUNTER}'`,
  );
  if (row?.status === "enabled") return Number(row.length);
  throw new Unseen("the server does not count its history list", `SET GLOBAL innodb_monitor_enable = '${COUNTER}'`);
}

/** MariaDB tells everyone by a status variable. */
const lengthOf = (watch: Watch): Promise<number> =>
  watch.database.server.engine === "mysql"
    ? seeing(watch, "the length of the history list", "PROCESS ON *.*", lengthOnMysql)
    : watch.ask((s) => statusOf(s, "Innodb_history_list_length"));

/** The transactions whose former row versions are not purged yet. Off by default: what is long is up to the server. */
export const historyLength = defineSignal({
  name: "historyLength",
  setting: count,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const length = await lengthOf(watch);
        return judge(length, `InnoDB's history list has ${length} transactions to purge (limit ${max})`);
      },
    };
  },
});
