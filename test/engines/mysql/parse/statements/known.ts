/** The server that takes a statement, the statement, and its operations as `operationText` writes them. */
export type Known = readonly [on: "both" | "mysql" | "mariadb", sql: string, operations: readonly string[]];
