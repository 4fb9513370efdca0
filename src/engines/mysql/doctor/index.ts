import type { ServerCheck } from "../../examination.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { blockers } from "./blockers.js";
import { connections } from "./connections.js";
import { prepared } from "./prepared.js";
import { rights } from "./rights.js";
import { triggerRights } from "./trigger-rights.js";

/** What `doctor` looks at on MySQL and MariaDB alone. A new check is one file and one line here. */
export const mysqlChecks = (dialect: MysqlDialect): readonly ServerCheck[] =>
  Object.freeze([rights, triggerRights, ...(dialect === "mysql" ? [blockers, prepared] : []), connections]);
