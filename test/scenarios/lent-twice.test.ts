import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { ID } from "./support/users.js";

describeServers(["mariadb"], (server) => {
  const own = suite();
  const rename = (columns: readonly string[]) =>
    columns.map((c) => `ALTER TABLE t RENAME COLUMN ${c} TO ${c}2;\n`).join("");
  const CONTRACT = ["apply", "--contract", "--park", "0", "--release"];

  it.each([[["v", "e"]], [["e", "v"]]])(
    "takes back what it has lent to an ENUM beside a trigger of the application, in whatever order columns are renamed: %s",
    async (columns) => {
      const { db, project: p } = await own.scene(server, 1, rename(columns));
      await query(
        db.url,
        "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) NOT NULL, e enum('p','q') NOT NULL, x int)",
      );
      await query(db.url, "INSERT INTO t (id, v, e) VALUES (1, 'a', 'q')");
      await query(db.url, "CREATE TRIGGER app_bi BEFORE INSERT ON t FOR EACH ROW SET NEW.x = 1");
      const before = await schemaOf(db.url, "t");
      await works(p.run("apply", "--release", "r1"));
      await works(p.run("rollback", ID));
      expect(await schemaOf(db.url, "t")).toEqual(before);
      await works(p.run("apply", "--release", "r1"));
      await works(p.run(...CONTRACT, "r2"));
      // A virtual column that comes between keeps nothing from being taken away.
      await query(db.url, "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (x + 1) VIRTUAL");
      await works(p.run(...CONTRACT, "r3"));
      await query(db.url, "ALTER TABLE t DROP COLUMN g");
      const named = before.map((line) => line.replaceAll("`v`", "`v2`").replaceAll("`e`", "`e2`"));
      expect(await schemaOf(db.url, "t")).toEqual(named);
    },
  );
});
