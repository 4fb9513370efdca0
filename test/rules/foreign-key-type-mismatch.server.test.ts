import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeServer, query, type TestDatabase } from "../servers/index.js";
import { judged } from "./judged.js";

const BASE = `CREATE DOMAIN dt AS text; CREATE DOMAIN dt2 AS dt CHECK (VALUE <> ''); CREATE DOMAIN di AS int; CREATE DOMAIN dv AS varchar(20);
CREATE TYPE en AS ENUM ('a'); CREATE TYPE en2 AS ENUM ('a'); CREATE DOMAIN den AS en; CREATE DOMAIN den2 AS den; CREATE DOMAIN ens AS en[];
CREATE TABLE p (t text UNIQUE, dt dt UNIQUE, dt2 dt2 UNIQUE, i int UNIQUE, di di UNIQUE, b bigint UNIQUE, v varchar(10) UNIQUE, en en UNIQUE, den den UNIQUE, den2 den2 UNIQUE, ens ens UNIQUE);`;
const FIT = [
  "dt t",
  "text dt",
  "dt dt2",
  "public.dt2 dt",
  "dv v",
  "dv dt",
  "di i",
  "int4 di",
  "serial di",
  "public.en en",
  "ens ens",
];
const REFUSED = ["den en", "en den", "en2 en", "dt i", "dt en", "den den", "den2 den2", "den den2"];
const CAST = ["bigint di", "di b"];

const made = (pair: string) => {
  const [type, column] = pair.split(" ");
  return `CREATE TABLE c (a ${type} REFERENCES p (${column}));`;
};
const said = async (files: readonly string[]) =>
  (await judged(files)).filter(({ rule }) => rule === "foreign-key-type-mismatch").map(({ message }) => message);

describe("a foreign key between domains (PostgreSQL)", () => {
  test.each(FIT)("%s fits", async (pair) => expect(await said([BASE, made(pair)])).toEqual([]));
  test.each([...REFUSED, ...CAST])("%s does not", async (pair) => {
    expect(await said([BASE, made(pair)])).toEqual([expect.not.stringContaining("Assumed")]);
  });
  test("of a type that no file makes assumes that it is none over the same", async () => {
    expect(await said([BASE, made("unknown t")])).toEqual([
      '"a" is unknown, and what it points at is text: the server refuses the key (42804), or converts one of them at each comparison. Assumed: unknown is no domain over the same: files do not tell.',
    ]);
  });
});

describeServer("postgres", (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await server.createDatabase("foreign_key_type");
    await query(db.url, BASE);
  });
  afterAll(() => db?.drop());

  test("says the same", async () => {
    for (const pair of [...FIT, ...CAST]) await query(db.url, `BEGIN; ${made(pair)} ROLLBACK`);
    for (const pair of REFUSED) await expect(query(db.url, made(pair)), pair).rejects.toMatchObject({ code: "42804" });
  });
});
