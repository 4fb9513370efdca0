import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const BASE =
  "CREATE TABLE archive (id bigint PRIMARY KEY, body text, n bigint NOT NULL); CREATE UNIQUE INDEX aid ON archive (id); CREATE UNIQUE INDEX wide ON archive (id, n); CREATE UNIQUE INDEX more ON archive (id) INCLUDE (n);";
const DROP = "ALTER TABLE archive DROP CONSTRAINT archive_pkey";

// PostgreSQL's manual has it as the way to replace a bloated primary key.
describe("a key that one ALTER or one transaction puts in another's place is never missing", () => {
  test.each([
    `${DROP}, ADD CONSTRAINT archive_pkey PRIMARY KEY USING INDEX aid;`,
    `${DROP}, ADD UNIQUE USING INDEX aid;`,
    `BEGIN; ${DROP}; ALTER TABLE public.archive ADD PRIMARY KEY USING INDEX aid; COMMIT;`,
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    `${DROP}, ADD CONSTRAINT archive_pkey PRIMARY KEY USING INDEX wide;`,
    `${DROP}, ADD UNIQUE USING INDEX more;`,
    `${DROP}, ADD UNIQUE USING INDEX aid DEFERRABLE;`,
    `${DROP}, ADD CHECK (id > 0) NOT VALID;`,
    `${DROP}; ALTER TABLE archive ADD PRIMARY KEY USING INDEX aid;`,
    `BEGIN; ${DROP}; ALTER TABLE other ADD PRIMARY KEY USING INDEX aid; COMMIT;`,
    `BEGIN; ${DROP}; COMMIT; BEGIN; ALTER TABLE archive ADD PRIMARY KEY USING INDEX aid; COMMIT;`,
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toContain("dropping-key");
  });

  test.each(["mysql", "mariadb"] as const)("%s", async (engine) => {
    const base = "CREATE TABLE t (id bigint, a int NOT NULL, PRIMARY KEY (id)) ENGINE=InnoDB;";
    expect(await rules([base, "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id);"], engine)).not.toContain(
      "dropping-key",
    );
    expect(await rules([base, "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a);"], engine)).toContain(
      "dropping-key",
    );
  });
});
