import { expect, it } from "vitest";
import { generatedName, literal, quote, quoteRelation, shortHash } from "../../../src/engines/postgres/names.js";
import { describeServer, query } from "../../servers/index.js";

it("quotes what an identifier may hold", () => {
  expect(quote('a"b C')).toBe('"a""b C"');
  expect(quoteRelation({ schema: "S", name: 't"' })).toBe('"S"."t"""');
  expect(quoteRelation({ schema: null, name: "t" })).toBe('"t"');
});

it("makes names that fit into 63 bytes and differ when only their end differs", () => {
  const long = "é".repeat(31);
  const [one, two] = [`${long}1`, `${long}2`].map((name) =>
    generatedName("zmigrate_dropped", name, shortHash("m", name)),
  );
  expect(Buffer.byteLength(one ?? "")).toBeLessThanOrEqual(63);
  expect(one).not.toBe(two);
  expect(one).not.toContain("�");
});

describeServer("postgres", (server) => {
  it("writes string constants that the server reads back", async () => {
    for (const text of ["it's", "back\\slash", "both \\' of", "new\nline", "%s $1 ?"]) {
      const [row] = await query(server.url, `SELECT ${literal(text)} AS text`);
      expect(row?.text).toBe(text);
    }
  });
});
