export type { MysqlDialect } from "./dialect.js";
export { tokenize } from "./lexer.js";
export { parseMysql } from "./parse.js";
export { renameColumnInExpression } from "./rename-column.js";
export type { Lexed, Token, TokenKind } from "./token.js";
