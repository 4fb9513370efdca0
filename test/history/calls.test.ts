import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../src/engines/postgres/parse/index.js";
import { names, replayed } from "./replayed.js";

beforeAll(loadParser);

it.each([
  ["SELECT create_hypertable('t', 'at')", []],
  ["SELECT audit.enable('t')", []],
  ["SELECT public.now()", []],
  ["SELECT setval('s', 5)", ["t"]],
  ["SELECT pg_catalog.setval('s', 5), now()", ["t"]],
  ["SELECT pg_notify('a', 'b'), jsonb_build_object('a', 1)", ["t"]],
  ["SELECT mine(a) FROM t", ["t"]],
])("%s", (sql, known) => {
  expect(names(replayed(`CREATE TABLE t (a int); ${sql}`))).toEqual(known);
});
