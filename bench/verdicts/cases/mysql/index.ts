import type { Case } from "../../case.js";
import { DANGEROUS, DANGEROUS_ON_MARIADB, DANGEROUS_ON_MYSQL } from "./dangerous.js";
import { SAFE, SAFE_ON_MARIADB, SAFE_ON_MYSQL } from "./safe.js";

export { FILL, OLD_CODE, ROWS, SCHEMA } from "./schema.js";

/** Their truth was measured on MySQL 9.7. */
export const MYSQL_CASES: readonly Case[] = Object.freeze([
  ...SAFE,
  ...SAFE_ON_MYSQL,
  ...DANGEROUS,
  ...DANGEROUS_ON_MYSQL,
]);

/** Their truth was measured on MariaDB 10.11. */
export const MARIADB_CASES: readonly Case[] = Object.freeze([
  ...SAFE,
  ...SAFE_ON_MARIADB,
  ...DANGEROUS,
  ...DANGEROUS_ON_MARIADB,
]);
