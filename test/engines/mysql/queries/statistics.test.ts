import { expect, it } from "vitest";
import { statistics } from "../../../../src/engines/mysql/queries/statistics.js";
import { describeDialects } from "../support/database.js";

describeDialects("digests", ({ session, sql }) => {
  it("reads the digests of this database, or says that the server keeps none", async () => {
    const [row] = await session().query<{ kept: number }>("SELECT @@performance_schema AS kept");
    // Other tests may have filled it.
    if (Number(row?.kept) === 1) await sql("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
    await sql(
      "CREATE TABLE asked (id int PRIMARY KEY)",
      "SELECT id FROM asked WHERE id = 1",
      "SELECT id FROM asked WHERE id = 2",
    );
    if (Number(row?.kept) !== 1) {
      await expect(statistics(session())).rejects.toMatchObject({ code: "not-available" });
      return;
    }
    const texts = (await statistics(session())).map((s) => s.text?.replaceAll("`", "").replace(/\s+/g, " "));
    expect(texts.filter((t) => t === "SELECT id FROM asked WHERE id = ?")).toHaveLength(1);
  });
});
