import { describe, expect, it } from "vitest";
import { planOn, refusalOn, stepsOn } from "../support/plan.js";

const USERS =
  "CREATE TABLE users (id int PRIMARY KEY, bio text, flag boolean NOT NULL DEFAULT false, n int, code int);";
const PROFILES = "CREATE TABLE profiles (id int PRIMARY KEY, user_id int UNIQUE REFERENCES users (id), k int);";
const ON = `${USERS}\n${PROFILES}`;
const ADD = "ALTER TABLE profiles ADD COLUMN bio text;\n";
const COPY = "UPDATE profiles p SET bio = u.bio FROM users u WHERE u.id = p.user_id;\n";
const DROP = "ALTER TABLE users DROP COLUMN bio;\n";
const MOVE = ADD + COPY + DROP;

const ids = async (on: string, migration: string) => {
  const { plan, refusals } = await planOn(on, migration);
  if (plan === null) throw new Error(JSON.stringify(refusals));
  return plan.steps.map((s) => `${s.stage ?? s.phase} ${s.id}`);
};

describe("a column that moves to another table", () => {
  it("is one change, planned in the place of the addition", async () => {
    expect(await ids(ON, MOVE)).toEqual([
      "expand 1-add-bio",
      "expand 1-follow-old-bio",
      "expand 1-follow-new-bio",
      "backfill 1-backfill-bio",
      "backfill 1-verify-bio",
      "swap 1-verify-stranded-bio",
      "swap 1-swap-bio",
      "drop 1-unfollow-bio",
      "drop 1-drop-bio",
    ]);
    const { plan } = await planOn(ON, MOVE);
    expect(plan?.retires).toMatchObject([{ relation: { name: "users" }, column: "bio", replacement: null }]);
    expect(plan?.sides).toMatchObject([{ relation: { name: "profiles" }, kept: "bio", keptIn: { name: "users" } }]);
    expect(plan?.claims?.map((c) => `${c.relation.name}.${c.name}`)).toEqual([
      "profiles.bio",
      "users.id",
      "profiles.user_id",
    ]);
  });

  it("moves beside others of the same UPDATE, all of which are counted before the first is parked", async () => {
    const two = `ALTER TABLE profiles ADD COLUMN bio text, ADD COLUMN flag boolean NOT NULL DEFAULT false;
UPDATE profiles SET flag = users.flag, bio = users.bio FROM users WHERE profiles.user_id = users.id;
ALTER TABLE users DROP COLUMN bio, DROP COLUMN flag;`;
    const steps = (await ids(`${ON}\nCREATE INDEX ON users (bio, flag);`, two)).filter((s) => s.startsWith("swap"));
    expect(steps).toEqual([
      "swap 1-verify-stranded-flag",
      "swap 1-verify-stranded-bio",
      "swap 1-not-null-flag",
      "swap 1-not-null-flag-validate",
      "swap 1-swap-flag",
      "swap 1-swap-bio",
    ]);
  });

  it("may be looked up, and be of a table that the file makes", async () => {
    const looked = "UPDATE profiles SET bio = (SELECT u.bio FROM users u WHERE u.id = profiles.user_id);\n";
    const [one, other] = [await stepsOn(ON, MOVE), await stepsOn(ON, ADD + looked + DROP)];
    expect(other).toEqual(one);
    expect((await ids(USERS, `${PROFILES}\n${MOVE}`)).slice(0, 4)).toEqual([
      "expand 1-create-table",
      "expand 2-add-bio",
      "expand 2-follow-old-bio",
      "expand 2-follow-new-bio",
    ]);
  });

  it("asks nobody at an INSERT where a foreign key says that the other row comes later", async () => {
    const inserting = async (on: string) =>
      (await stepsOn(on, MOVE)).filter((s) => / AFTER INSERT ON "users"/.test(s)).length;
    expect(await inserting(ON)).toBe(0);
    expect(await inserting(ON.replace("(id), k", "(id) DEFERRABLE, k"))).toBe(2);
    expect(await inserting(ON.replace("REFERENCES users (id)", ""))).toBe(2);
  });

  it("takes NOT NULL from the old column where new code may write NULL", async () => {
    const on = ON.replace("bio text", "bio text NOT NULL DEFAULT ''");
    expect((await ids(on, MOVE))[0]).toBe("expand 1-allow-omission-bio");
    expect((await ids(on, MOVE.replace("bio text", "bio text NOT NULL DEFAULT ''")))[0]).toBe("expand 1-add-bio");
  });

  it("is none where the statements say something else, or the author has split them", async () => {
    expect(await ids(ON, ADD + COPY)).toEqual(["expand 1-add-column", "backfill 2-update"]);
    const other = ADD + COPY.replace("u.bio", "lower(u.bio)") + DROP;
    expect(await refusalOn(ON, other)).toMatch(
      /^2:1 This fills bio of profiles from users, of which this file drops bio/,
    );
    // A link that is turned round: the copy that could move is of another value, so none is offered.
    const turned = await refusalOn(
      "CREATE TABLE meta (id text PRIMARY KEY); CREATE TABLE doc (id int PRIMARY KEY, mid text NOT NULL UNIQUE REFERENCES meta);",
      "ALTER TABLE meta ADD COLUMN docid int; UPDATE meta SET docid = doc.id FROM doc WHERE doc.mid = meta.id; ALTER TABLE doc DROP COLUMN mid;",
    );
    expect(turned).toMatch(/Drop mid in a later migration/);
    expect(turned).not.toMatch(/`UPDATE/);
    const split = `-- zmigrate:phase expand\n${ADD}-- zmigrate:phase backfill\n${COPY}-- zmigrate:phase contract\n${DROP}`;
    expect(await ids(ON, split)).toEqual(["expand 1-add-column", "backfill 2-update", "swap 3-park", "drop 3-drop"]);
  });
});

describe("refuses, and says what to write", () => {
  it.each([
    [ON.replace(" UNIQUE", ""), MOVE, /^2:1 No key says .* one row of profiles by user_id at most.*unique key/],
    [
      ON.replace("id int PRIMARY KEY, bio", "id int NOT NULL, bio").replace(" REFERENCES users (id)", ""),
      MOVE,
      /^2:1 .*users by id/,
    ],
    [`${ON}ALTER TABLE users ADD UNIQUE (code);`, MOVE.replace("u.id", "u.code"), /^2:1 users\.code may be NULL/],
    [`${ON.replace(" UNIQUE", "")}ALTER TABLE profiles ADD UNIQUE (user_id) DEFERRABLE;`, MOVE, /^2:1 No key says/],
    [
      ON.replace(" UNIQUE", ""),
      `ALTER TABLE profiles ADD UNIQUE (user_id);\n${MOVE}`,
      /^2:1 This file already adds the key/,
    ],
    [ON, MOVE.replace(" WHERE u.id = p.user_id", ""), /^2:1 No key says .*Write in WHERE/],
    [ON, MOVE.replace("p.user_id;", "p.user_id AND u.n > 3;"), /^2:1 This gives bio to some rows only/],
    [ON, MOVE.replace("bio = u.bio", "bio = u.bio, k = u.n"), /^2:1 This moves bio and writes k beside it/],
    [
      ON.replace("user_id int", "user_id text").replace(" REFERENCES users (id)", ""),
      MOVE,
      /^2:1 .*integer|^2:1 .*int and text/,
    ],
    [ON, MOVE.replace("bio text", "bio varchar(9)"), /^1:\d+ bio is text and bio is varchar\(9\)/],
    [
      `${ON}ALTER TABLE users ADD UNIQUE (bio);`,
      MOVE,
      /^3:1 users\.bio is unique, and what new code.*users_bio_key in an/,
    ],
    [
      `${ON}ALTER TABLE users ADD CONSTRAINT c CHECK (bio <> '');`,
      MOVE,
      /^3:1 The check c names users\.bio.*Drop c in an earlier/,
    ],
    [ON, MOVE.replace("bio text", "bio text UNIQUE"), /^1:\d+ .*has a key beside/],
    [ON, MOVE.replace("bio text", "bio text DEFAULT now()::text"), /^1:\d+ .*a default that is computed/],
    [
      ON,
      MOVE.replace("bio text", "bio text NOT NULL DEFAULT ''"),
      /^1:\d+ bio is NOT NULL, and users\.bio may hold NULL/,
    ],
    [
      ON,
      `ALTER TABLE profiles ADD COLUMN bio text DEFAULT '';\nUPDATE profiles SET bio = (SELECT u.bio FROM users u WHERE u.id = profiles.user_id);\n${DROP}`,
      /^2:1 This makes bio NULL where there is no row/,
    ],
    [
      `${USERS}CREATE TABLE profiles (user_id int PRIMARY KEY) PARTITION BY HASH (user_id);`,
      MOVE,
      /^2:1 profiles is partitioned/,
    ],
    [ON, `-- zmigrate:up n::text\n${MOVE}`, /^2:\d+ The UPDATE of this file moves/],
    [ON, MOVE.replace("DROP COLUMN bio", "DROP COLUMN bio CASCADE"), /^3:\d+ .*CASCADE/],
    [ON.replace("bio text", "bio text GENERATED ALWAYS AS ('x') STORED"), MOVE, /^3:\d+ .*generated by the server/],
    [ON, `${MOVE}ALTER TABLE profiles DROP CONSTRAINT profiles_user_id_key;`, /^4:\d+ .*already moves bio to profiles/],
  ])("%#", async (on, migration, why) => {
    expect((await refusalOn(on, migration)).split("\n")[0]).toMatch(why);
  });
});
