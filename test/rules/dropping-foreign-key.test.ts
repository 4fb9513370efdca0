import { expect, test } from "vitest";
import { judged } from "./judged.js";

const CHILD =
  "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int, CONSTRAINT k FOREIGN KEY (p_id) REFERENCES p ON DELETE CASCADE); CREATE INDEX c_p ON c (p_id);";
const told = async (file: string, history = CHILD) =>
  (await judged([history, file]))
    .filter(({ rule }) => rule === "dropping-foreign-key")
    .map(({ message }) => message)[0];
const add = (action: string) => `ADD CONSTRAINT k2 FOREIGN KEY (p_id) REFERENCES p ${action} NOT VALID`;

// Seen on PostgreSQL 18: the DELETE is refused by the key that is put in the place of the old one.
test("what becomes of rows whose key goes depends on the key that stays", async () => {
  expect(await told("ALTER TABLE c DROP CONSTRAINT k;")).toContain("leaves behind the rows");
  expect(await told(`ALTER TABLE c DROP CONSTRAINT k, ${add("")};`)).toContain("fails (23503)");
  expect(await told(`BEGIN; ALTER TABLE c DROP CONSTRAINT k; ALTER TABLE c ${add("")}; COMMIT;`)).toContain("(23503)");
  expect(await told(`ALTER TABLE c DROP CONSTRAINT k, ${add("ON DELETE CASCADE")};`)).not.toContain("Running code");
  expect(
    await told("ALTER TABLE c DROP CONSTRAINT k;", `${CHILD} ALTER TABLE c ${add("ON DELETE CASCADE")};`),
  ).not.toContain("Running code");
  expect(await told("ALTER TABLE c DROP CONSTRAINT k;", `${CHILD} ALTER TABLE c ${add("")};`)).toContain("(23503)");
});
