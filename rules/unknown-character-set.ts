import { isGuarded } from "../src/engines/mysql/effects/asserted.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { unknownLetters } from "./unknown-letters.js";

export const rule: Rule = {
  id: "unknown-character-set",
  engines: MYSQL_ENGINES,
  severity: "info",
  aside: true,
  protects:
    "A VARCHAR that grows past 255 bytes rewrites the table, and how many bytes it has is up to its character set.",
  check(context) {
    const { operation, effect, engine } = context;
    const column = effect.rewrite || isGuarded(operation.execution) ? null : unknownLetters(context);
    if (column === null) return null;
    return {
      message: `${engine.quote(column)} is taken for utf8mb4, the default since MySQL 8.0, as no file tells its character set. In a database of another one (latin1, as 5.7 made them) the table is written again while writes wait.`,
      help: "Write `, ALGORITHM=INPLACE, LOCK=NONE` behind it: it is refused then (1846) instead of blocking; or name the character set in the file that makes the table (DEFAULT CHARSET=utf8mb4).",
    };
  },
  bad: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(255));\nALTER TABLE users MODIFY name varchar(500);",
      engines: ["mysql"],
    },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(255)) DEFAULT CHARSET=utf8mb4;\nALTER TABLE users MODIFY name varchar(500);",
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(255));\nALTER TABLE users MODIFY name varchar(500), ALGORITHM=INPLACE, LOCK=NONE;",
      engines: ["mysql"],
    },
  ],
};
