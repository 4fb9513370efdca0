import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { pastTriggers, waysOut } from "./support/past-triggers.js";
import { SMALL_BATCHES, works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 300;

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const { scene } = suite();
  const row = (url: string, id: number) =>
    query(url, `SELECT user_email AS a, email_address AS b FROM users WHERE id = ${id}`);

  it("overwrites no value that only the new side has, in the first pass or any other, and offers both ways out", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    await pastTriggers(db.url, "users", "UPDATE users SET email_address = 'only@new' WHERE id = 200");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code, refused.stdout).toBe(3);
    expect(refused.stderr).toMatch(/1 row differs .*Keys of some: 200\./);
    expect(refused.stdout).not.toContain("pass 1");
    const both = { a: "user200@example.com", b: "only@new" };
    expect(await row(db.url, 200)).toEqual([both]);
    expect(await row(db.url, 201)).toEqual([{ a: "user201@example.com", b: "user201@example.com" }]);

    await query(db.url, waysOut(refused.stderr).newWins);
    await works(p.run("apply", "--release", "r1"));
    expect(await row(db.url, 200)).toEqual([{ a: "only@new", b: "only@new" }]);
  });

  it("stops before the swap where somebody wrote the new side past the triggers, and fills what is only unfilled", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1"));
    await pastTriggers(db.url, "users", "UPDATE users SET email_address = 'only@new' WHERE id IN (7, 8)");
    await pastTriggers(db.url, "users", "INSERT INTO users (id, name, user_email) VALUES (5000, 'late', 'late@old')");
    const refused = await p.run("apply", "--contract", "--release", "r2");
    expect(refused.code, refused.stdout).toBe(3);
    expect(refused.stderr).toMatch(/3 rows differ .*Keys of some: 7 \| 8 \| 5000\./);
    expect(refused.stderr).toMatch(/In 2 of them \(7 \| 8\) both sides hold .* which fills the others\./);
    const { oldWins } = waysOut(refused.stderr);
    await query(db.url, oldWins);
    expect(await row(db.url, 7)).toEqual([{ a: "user7@example.com", b: "user7@example.com" }]);
    const { stdout } = await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    expect(stdout).toContain("pass 1 of 3");
    expect(await query(db.url, "SELECT email_address AS b FROM users WHERE id = 5000")).toEqual([{ b: "late@old" }]);
  });

  it("lets neither side win where a statement wrote both differently", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    await query(db.url, "UPDATE users SET user_email = 'old@x', email_address = 'new@x' WHERE id = 7");
    await query(db.url, "UPDATE users SET name = 'touched' WHERE id = 7");
    const refused = await p.run("apply", "--release", "r1");
    expect(refused.code, refused.stdout).toBe(3);
    expect(await row(db.url, 7)).toEqual([{ a: "old@x", b: "new@x" }]);
    await query(db.url, waysOut(refused.stderr).newWins);
    await works(p.run("apply", "--release", "r1"));
    expect(await row(db.url, 7)).toEqual([{ a: "new@x", b: "new@x" }]);
  });

  it("lets as many rows clash as it is told to, and fills the others", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1"));
    await pastTriggers(db.url, "users", "UPDATE users SET email_address = 'only@new' WHERE id = 7");
    await pastTriggers(db.url, "users", "UPDATE users SET email_address = 'nobody@example.com' WHERE id = 8");
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2", "--max-mismatches", "1"));
    expect(await query(db.url, "SELECT email_address AS b FROM users WHERE id = 8")).toEqual([
      { b: "user8@example.com" },
    ]);
  });
});

describeServers(["mysql", "mariadb"], (server) => {
  const { scene } = suite();

  it("fills rows that come and change between the triggers", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    const { stdout } = await works(p.run("apply", "--json", "--release", "r1", "--phase", "expand"));
    const shown = await query(db.url, "SHOW TRIGGERS LIKE 'users'");
    const late = shown.find((t) => t.Event === "INSERT");
    const steps = stdout.split("\n").filter((line) => line.includes('"step-done"') && line.includes("1-sync-"));
    expect(steps.map((line) => JSON.parse(line).step)).toEqual(["1-sync-update", "1-sync-insert"]);
    const [made] = await query(db.url, `SHOW CREATE TRIGGER \`${String(late?.Trigger)}\``);
    await query(db.url, `DROP TRIGGER \`${String(late?.Trigger)}\``);
    await query(db.url, "INSERT INTO users (id, name, user_email) VALUES (5000, 'late', 'first@old')");
    await query(db.url, "UPDATE users SET user_email = 'second@old' WHERE id = 5000");
    await query(db.url, "INSERT INTO users (id, name, user_email) VALUES (5001, 'late', 'third@old')");
    await query(db.url, String(made?.["SQL Original Statement"]));
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, "SELECT email_address AS b FROM users WHERE id >= 5000 ORDER BY id")).toEqual([
      { b: "second@old" },
      { b: "third@old" },
    ]);
  });
});
