/** The two servers that share this grammar. Where they differ, the reader asks. */
export type MysqlDialect = "mysql" | "mariadb";
