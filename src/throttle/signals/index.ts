import { http } from "./http.js";
import { prometheus } from "./prometheus.js";
import { sql } from "./sql.js";
import { window } from "./window.js";

/** The signals that are no database's own. A new one is one file and one line here. */
export const SIGNALS = Object.freeze([window, sql, http, prometheus] as const);
