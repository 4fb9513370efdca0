import type { Check } from "../check.js";

/** Is it a primary, and may this role keep the journal there? */
export const writable: Check = {
  name: "writable",
  async look({ database, session }) {
    await database.preflight(session);
    return { health: "ok", found: "the server takes writes, and the journal may be kept in it" };
  },
};
