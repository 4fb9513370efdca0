import { showSize } from "../../../files/size.js";
import type { Session } from "../../engine.js";
import { limitJudge } from "../../limit.js";
import { meter } from "../../rate.js";
import { defineSignal, type Watch } from "../../signal.js";
import { size } from "../../signal-settings.js";
import { numberOf } from "../execute/errors.js";
import { seeing, statusOf } from "./sight.js";

interface Place {
  readonly file: string;
  readonly position: number;
}

/** MySQL renamed the statement in 8.2. */
const STATUS = ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"];

const SYNTAX = 1064;

/** Where the binary log stands; null where none is written. */
async function placeOf(session: Session): Promise<Place | null> {
  let last: unknown;
  for (const sql of STATUS)
    try {
      const [row] = await session.query<{ File: string; Position: string }>(sql);
      return row === undefined ? null : { file: row.File, position: Number(row.Position) };
    } catch (error) {
      if (numberOf(error) !== SYNTAX) throw error;
      last = error;
    }
  throw last;
}

/** What the files before `to` hold, from `from` on. */
async function closedSince(session: Session, from: Place, to: Place): Promise<number> {
  const rows = await session.query<{ Log_name: string; File_size: string }>("SHOW BINARY LOGS");
  const between = rows.filter((r) => r.Log_name >= from.file && r.Log_name < to.file);
  return between.reduce((sum, r) => sum + Number(r.File_size), 0) - from.position;
}

/** How much has been written since the first question: the log goes on in another file from time to time. */
function writtenOnMysql(): (session: Session) => Promise<number> {
  let last: Place | null = null;
  let written = 0;
  return async (session) => {
    const place = await placeOf(session);
    if (place === null) return 0;
    if (last !== null) {
      const before = last.file === place.file ? -last.position : await closedSince(session, last, place);
      written += before + place.position;
    }
    last = place;
    return written;
  };
}

/** MariaDB counts by itself. */
function position(watch: Watch): () => Promise<number> {
  if (watch.database.server.engine === "mariadb") return () => watch.ask((s) => statusOf(s, "Binlog_bytes_written"));
  const written = writtenOnMysql();
  return () => seeing(watch, "how far the binary log is", "REPLICATION CLIENT ON *.*", written);
}

/** What all sessions together write to the binary log a second. Off by default: what is much is up to disks and replicas. */
export const binlogRate = defineSignal({
  name: "binlogRate",
  setting: size,
  open(max, watch) {
    const judge = limitJudge(max);
    const rate = meter();
    const ask = position(watch);
    return {
      async read() {
        const bytes = await rate.perSecond(ask);
        const text = `${showSize(bytes)} a second go to the binary log (limit ${showSize(max)})`;
        return judge(bytes, text);
      },
    };
  },
});
