import { expect, test } from "vitest";
import { mayName, mentioned } from "../../src/history/text.js";

test.each([
  ["SELECT a FROM users", "users"],
  ["SELECT a FROM Users;", "uSERS"],
  ['GRANT SELECT ON "Users" TO app', "users"],
  ["GRANT SELECT ON `shop`.`users` TO app", "users"],
  ["SELECT users.id FROM t", "users"],
  ["EXECUTE 'DROP TABLE users'", "users"],
  ["-- users\nSELECT 1", "users"],
  ["DO $$BEGIN DELETE FROM users; END$$", "users"],
  ["SELECT '5\" wide', a FROM users", "users"],
  ["AS $function$SELECT count(*) FROM users$function$", "users"],
  ["AS $$users", "users"],
  ["SELECT users_id FROM users", "users"],
  ['SELECT "straße" FROM t', "STRAßE"],
  ['SELECT "order items" FROM t', "order items"],
  ['SELECT "a""b" FROM t', 'a"b'],
  ["SELECT `a``b` FROM t", "a`b"],
  ["EXECUTE 'SELECT \"it''s\" FROM t'", "it's"],
])("%j may name %j", (text, name) => {
  expect(mayName(text, name)).toBe(true);
});

test.each([
  ["SELECT users_id, old_users, users2, $users, users$ FROM t", "users"],
  ["SELECT éusers, usersé FROM t", "users"],
  ["SELECT a FROM t", "users"],
  ["", "users"],
])("%j does not name %j", (text, name) => {
  expect(mayName(text, name)).toBe(false);
});

test("what columns an expression mentions is not looked for in its strings, and quoted names keep their case", () => {
  expect(mentioned(`"Name" || ' first ' || LAST`, ["name", "Name", "first", "last"])).toEqual(["Name", "last"]);
});

test("a long text that is full of beginnings of the name takes no time", () => {
  const text = "users_ \"'".repeat(200_000);
  const start = performance.now();
  expect(mayName(text, "users")).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
});
