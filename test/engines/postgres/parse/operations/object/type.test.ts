import { beforeAll, expect, it } from "vitest";
import { loadParser } from "../../../../../../src/engines/postgres/parse/index.js";
import { details, name } from "../read.js";

beforeAll(loadParser);

const NONE = { base: null, constrained: false, values: [] };

it.each([
  ["CREATE TYPE s.e AS ENUM ('a', 'b''c')", "type", { ...NONE, kind: "enum", values: ["a", "b'c"] }],
  ["CREATE TYPE s.e AS (a int)", "type", { ...NONE, kind: "composite" }],
  ["CREATE TYPE s.e AS RANGE (subtype = int)", "type", { ...NONE, kind: "range" }],
  ["CREATE TYPE s.e (input = f, output = g)", "type", { ...NONE, kind: "base" }],
  ["CREATE TYPE s.e", "type", { ...NONE, kind: "base" }],
  ["CREATE DOMAIN s.e AS int", "domain", { ...NONE, kind: "domain", base: "int" }],
  [
    "CREATE DOMAIN s.e AS character varying (3) COLLATE \"C\" DEFAULT 'x' NOT NULL",
    "domain",
    { ...NONE, kind: "domain", base: "character varying (3)", constrained: true },
  ],
  [
    "CREATE DOMAIN s.e numeric(4, 2) CONSTRAINT k CHECK (VALUE > 0)",
    "domain",
    { ...NONE, kind: "domain", base: "numeric(4, 2)", constrained: true },
  ],
  ["CREATE DOMAIN s.e o.p NULL", "domain", { ...NONE, kind: "domain", base: "o.p" }],
])("%s", (sql, object, type) => {
  expect(details(sql)).toMatchObject([{ kind: "create-object", object, name: name("s.e"), type }]);
});
