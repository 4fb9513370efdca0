import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details } from "../read.js";

beforeAll(loadParser);

const PLAIN = { kind: "transaction", chain: false, name: null, distributed: false, readOnly: null, undoesSchema: true };

it.each([
  ["BEGIN", { action: "begin" }],
  ["START TRANSACTION READ ONLY", { action: "begin", readOnly: true }],
  ["BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE", { action: "begin", readOnly: false }],
  ["COMMIT", { action: "commit" }],
  ["END", { action: "commit" }],
  ["COMMIT AND CHAIN", { action: "commit", chain: true }],
  ["COMMIT AND NO CHAIN", { action: "commit" }],
  ["ROLLBACK", { action: "rollback" }],
  ["ABORT AND CHAIN", { action: "rollback", chain: true }],
  ["SAVEPOINT a", { action: "savepoint", name: "a" }],
  ["RELEASE SAVEPOINT a", { action: "release-savepoint", name: "a" }],
  ["ROLLBACK TO SAVEPOINT a", { action: "rollback-to-savepoint", name: "a" }],
  ["PREPARE TRANSACTION 'x'", { action: "prepare", name: "x", distributed: true }],
  ["COMMIT PREPARED 'x'", { action: "commit", name: "x", distributed: true }],
  ["ROLLBACK PREPARED 'x'", { action: "rollback", name: "x", distributed: true }],
])("%s", (sql, detail) => {
  expect(details(sql)).toEqual([{ ...PLAIN, ...detail }]);
});
