import { connectionsLeft, type ServerCheck } from "../../examination.js";

interface Room {
  readonly most: number;
  readonly used: number;
  readonly own: number;
  readonly role: number;
  readonly database: number;
  readonly here: number;
}

const ROOM = `
  SELECT pg_catalog.current_setting('max_connections')::int - pg_catalog.current_setting('superuser_reserved_connections')::int AS most,
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE usename = current_user)::int AS own,
         r.rolconnlimit AS role, d.datconnlimit AS database,
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE datname = d.datname)::int AS here
    FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
   WHERE r.rolname = current_user AND d.datname = pg_catalog.current_database()`;

/** Is there room for the sessions of an `apply`: by the server's limit, the role's and the database's. */
export const connections: ServerCheck = {
  name: "connections",
  async look(session) {
    const [room] = await session.query<Room>(ROOM);
    if (room === undefined) return { health: "advice", found: "the server does not say how many sessions it takes" };
    const { most, used, own, role, database, here } = room;
    const limits = [
      { free: most - used, limit: `max_connections leaves ${most}` },
      ...(role < 0 ? [] : [{ free: role - own, limit: `the role's limit is ${role}` }]),
      ...(database < 0 ? [] : [{ free: database - here, limit: `the database's limit is ${database}` }]),
    ];
    const least = limits.reduce((a, b) => (b.free < a.free ? b : a));
    return connectionsLeft(Math.max(0, least.free), least.limit);
  },
};
