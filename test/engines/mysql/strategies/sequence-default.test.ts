import { expect, it } from "vitest";
import { describeDialects } from "../support/database.js";
import { carryOut, planOn, takeBack } from "../support/plan.js";

describeDialects("sequence_default", (bench) => {
  it("takes other defaults for what they are", async () => {
    await bench.sql(
      "CREATE TABLE counted (id int PRIMARY KEY, v varchar(9), nextval int DEFAULT (1 + 1), t varchar(20) DEFAULT 'nextval(s)')",
    );
    await expect(planOn(bench, "ALTER TABLE counted RENAME COLUMN v TO v2")).resolves.toBeDefined();
  });

  if (bench.dialect === "mysql") return;

  it("refuses what would have to lock a table with a default from a sequence, and adds a column to it", async () => {
    await bench.sql(
      "CREATE SEQUENCE numbers",
      "CREATE TABLE numbered (id int PRIMARY KEY, v varchar(9), no int DEFAULT (NEXT VALUE FOR numbers))",
    );
    await expect(planOn(bench, "ALTER TABLE numbered RENAME COLUMN v TO v2")).rejects.toThrow(
      /numbered\.no takes its default from a sequence/,
    );
    await bench.sql("CREATE TABLE last (id int PRIMARY KEY, v varchar(9), no int DEFAULT (lastval(numbers)))");
    await expect(planOn(bench, "ALTER TABLE last RENAME COLUMN v TO v2")).rejects.toThrow(/from a sequence/);
    const { steps } = await planOn(bench, "ALTER TABLE numbered ADD COLUMN w int");
    await carryOut(bench, steps);
    await takeBack(bench, steps);
    const session = await bench.another();
    await session.query("LOCK TABLES numbered WRITE");
    await expect(session.query("ALTER TABLE numbered RENAME COLUMN v TO v2")).rejects.toMatchObject({ errno: 1100 });
    await session.query("UNLOCK TABLES");
  });
});
