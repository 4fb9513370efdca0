import { limitJudge } from "../../limit.js";
import { defineSignal } from "../../signal.js";
import { count } from "../../signal-settings.js";
import { statusOf } from "./sight.js";

/** How many sessions are at work (Threads_running), the one that asks left out. Off by default: what is much is up to the server. */
export const activeSessions = defineSignal({
  name: "activeSessions",
  setting: count,
  open(max, watch) {
    const judge = limitJudge(max);
    return {
      async read() {
        const active = (await watch.ask((s) => statusOf(s, "Threads_running"))) - 1;
        return judge(active, `${active} sessions are active (limit ${max})`);
      },
    };
  },
});
