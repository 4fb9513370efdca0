import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { planFile, refusalOf } from "../support/file.js";

const MOVE = `ALTER TABLE profiles ADD COLUMN bio text;
UPDATE profiles p JOIN Users u ON u.id = p.user_id SET p.bio = u.Bio;
ALTER TABLE Users DROP COLUMN bio;
`;

describeDialects("moved", (bench) => {
  it("refuses a move to another table, whose triggers would make statements fail that name both", async () => {
    await bench.sql(
      "CREATE TABLE Users (id int PRIMARY KEY, bio varchar(20), n int)",
      "CREATE TABLE profiles (user_id int PRIMARY KEY, n int)",
    );
    const refused = await refusalOf(bench, MOVE);
    expect(refused).toMatchObject({ line: 2, help: expect.stringMatching(/^Write three migrations/) });
    expect(refused.reason).toMatch(/^This moves bio of Users to bio of profiles.*error 1442/);
    const other = await planFile(bench, MOVE.replace("bio text", "copy int").replace(/SET.*/, "SET p.copy = u.n;"));
    expect(other.steps.length).toBeGreaterThan(2);
    await bench.sql(
      "ALTER TABLE profiles ADD bio varchar(20)",
      "INSERT INTO Users VALUES (1, 'a', 1)",
      "INSERT INTO profiles (user_id, n) VALUES (1, 1)",
      "CREATE TRIGGER follow AFTER UPDATE ON Users FOR EACH ROW UPDATE profiles SET bio = NEW.bio WHERE user_id = NEW.id",
      "UPDATE Users SET bio = 'b' WHERE id = 1",
    );
    for (const sql of [
      "UPDATE Users u JOIN profiles p ON p.user_id = u.id SET u.bio = 'c' WHERE p.n = 1",
      "UPDATE Users SET bio = 'c' WHERE id IN (SELECT user_id FROM profiles)",
    ])
      await expect(bench.sql(sql)).rejects.toThrow(/already used by statement which invoked/);
  });
});
