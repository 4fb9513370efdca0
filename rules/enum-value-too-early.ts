import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "enum-value-too-early",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  onFreshTables: true,
  protects: "PostgreSQL refuses a value of an enum in the transaction that has added it.",
  check({ operation, written, enumValues }) {
    if (detailOf(operation, "alter-object")?.changes.includes("ADD VALUE") === true) return null;
    const used = enumValues.find((value) => written.text.includes(`'${value.replaceAll("'", "''")}'`));
    if (used === undefined) return null;
    return {
      message: `PostgreSQL refuses '${used}' here (55P04): this transaction has added it to its enum and is not committed.`,
      help: "COMMIT behind ALTER TYPE ... ADD VALUE, and use the value in the next transaction.",
    };
  },
  bad: [
    {
      sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'calm';\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO users (mood) VALUES ('calm');\nCOMMIT;" },
    {
      sql: "CREATE TYPE m3 AS ENUM ('a');\nBEGIN;\nALTER TYPE m3 ADD VALUE 'b';\nCREATE TABLE mm (id bigint PRIMARY KEY, m m3 DEFAULT 'b');\nCOMMIT;",
    },
  ],
  good: [
    {
      sql: "BEGIN;\nCREATE TYPE m3 AS ENUM ('a');\nALTER TYPE m3 ADD VALUE 'b';\nCREATE TABLE mm (id bigint PRIMARY KEY, m m3 DEFAULT 'b');\nCOMMIT;",
    },
    { sql: "ALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO users (mood) VALUES ('calm');" },
    {
      sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nCOMMIT;\nBEGIN;\nINSERT INTO users (mood) VALUES ('calm');\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nALTER TYPE mood ADD VALUE 'glad' AFTER 'calm';\nCOMMIT;" },
  ],
};
