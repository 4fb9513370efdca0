import { expect, it } from "vitest";
import { describeServers } from "../servers/index.js";
import { project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

interface Printed {
  readonly schemaSource: string;
  readonly engine: { readonly version: string };
  readonly migrations: readonly { readonly phases: Record<string, readonly { id: string; evidence: string }[]> }[];
}

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("plans without a database by trying it on the server of --shadow-url, and says where that cannot be", async () => {
    const p = project("");
    s.after(async () => p.remove());
    await works(p.run("init", "--engine", server.name));
    p.write("migrations/20260101000000_made.sql", "CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));\n");
    p.write("migrations/20260102000000_index.sql", "ALTER TABLE t DROP INDEX k, ADD INDEX k (a, id);\n");
    const plan = (...args: string[]) => p.run("plan", "--shadow-url", server.url, "--format", "json", ...args);
    const report = JSON.parse((await works(plan())).stdout) as Printed;
    expect(report.schemaSource).toBe("shadow");
    expect(report.engine.version).toMatch(/^\d+\.\d+\.\d+/);
    const steps = Object.values(report.migrations[1]?.phases ?? {}).flat();
    expect(steps.map((step) => `${step.id} ${step.evidence}`)).toEqual([
      "2-create-index server",
      "1-exchange server",
      "1-hide server",
      "1-drop-index server",
    ]);
    p.write("migrations/20260103000000_other.sql", "CREATE TABLE mysql.ours (id int PRIMARY KEY);\n");
    const told = await plan();
    expect(told.stderr).toMatch(
      /20260103000000_other.sql:1:1: (?:MySQL|MariaDB) .* names the schema mysql of that server/,
    );
    expect((JSON.parse(told.stdout) as Printed).schemaSource).toBe("files");
  });
});
