import { connectionsLeft, type ServerCheck } from "../../examination.js";
import { statusOf } from "../signals/sight.js";

/** Is there room for the sessions of an `apply`: by the server's limit, and the user's. */
export const connections: ServerCheck = {
  name: "connections",
  async look(session) {
    const [limits] = await session.query<{ most: string; own: string }>(
      "SELECT @@GLOBAL.max_connections AS most, @@SESSION.max_user_connections AS own",
    );
    const most = Number(limits?.most ?? 0);
    const own = Number(limits?.own ?? 0);
    const left = most - (await statusOf(session, "Threads_connected"));
    if (own > 0 && own < left) return connectionsLeft(own, `max_user_connections is ${own}`);
    return connectionsLeft(Math.max(0, left), `max_connections is ${most}`);
  },
};
