import { describe, expect, test } from "vitest";
import { rules } from "./judged.js";

const BASE =
  "CREATE TABLE orgs (id bigint PRIMARY KEY, name text); CREATE TABLE users (id bigint PRIMARY KEY, nick text);";

describe("rows that the text holds are few", () => {
  test.each([
    "WITH data (id, name) AS (VALUES (81, 'x'), (82, 'y')) INSERT INTO orgs (id, name) SELECT id, name FROM data ON CONFLICT DO NOTHING;",
    "INSERT INTO orgs (id) WITH data AS (SELECT 1 AS id) SELECT id FROM data;",
    "INSERT INTO orgs (id, name) SELECT (v->>'id')::bigint, v->>'name' FROM jsonb_array_elements('[{\"id\":90}]') v;",
    "INSERT INTO orgs (id) SELECT i FROM unnest(ARRAY[1, 2]) i CROSS JOIN (VALUES (1)) b (x);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT v FROM (VALUES (1), (2)) t (v));",
    "DELETE FROM users WHERE id IN (VALUES (1), (2));",
  ])("%s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("");
  });

  test.each([
    "WITH data AS (SELECT id FROM users) INSERT INTO orgs (id) SELECT id FROM data;",
    "WITH data AS (SELECT generate_series(1, 1000000) AS id) INSERT INTO orgs (id) SELECT id FROM data;",
    "WITH users (id) AS (VALUES (1)) INSERT INTO orgs (id) SELECT id FROM public.users;",
    "INSERT INTO orgs (id) SELECT i FROM generate_series(1, 1000000) i;",
    "INSERT INTO orgs (id) SELECT v.id FROM users, unnest(ARRAY[users.id]) v (id);",
    "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM (VALUES (1), (2)) t (v));",
    "UPDATE users SET nick = 'x' WHERE id IN (VALUES (1), (id));",
    "UPDATE users SET nick = 'x' WHERE nick IN (SELECT v FROM (VALUES ('a')) t (v));",
  ])("but not: %s", async (sql) => {
    expect(await rules([BASE, sql])).toBe("unbatched-data-change");
  });
});
