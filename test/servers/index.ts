/** Real database servers for tests: ask for one by name, make a database in it, drop the database. */
export type { TestDatabase } from "./database.js";
export { describePrivateServer, describeServer, describeServers } from "./describe.js";
export { pauseReplica, resumeReplica } from "./replica.js";
export { type PrivateServer, privateServer, server, type TestServer } from "./server.js";
export { PASSWORD, query, until, withDatabase } from "./sql.js";
export { type Control, ServerMissing } from "./types.js";
