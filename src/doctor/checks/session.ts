import type { Check } from "../check.js";

/** Does a session stay one of the server's own, or does a pooler stand between? */
export const session: Check = {
  name: "session",
  async look({ database, session: open }) {
    await database.mustKeepSession?.(open);
    return { health: "ok", found: "what is set in a session stays in it" };
  },
};
