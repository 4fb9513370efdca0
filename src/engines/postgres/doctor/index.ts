import type { ServerCheck } from "../../examination.js";
import { connections } from "./connections.js";
import { invalidIndexes } from "./invalid-indexes.js";
import { owners } from "./owners.js";

/** What `doctor` looks at on PostgreSQL alone. A new check is one file and one line here. */
export const POSTGRES_CHECKS: readonly ServerCheck[] = Object.freeze([owners, connections, invalidIndexes]);
