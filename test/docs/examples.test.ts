import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Project, project } from "../scenarios/support/cli.js";
import { describeServers, query, type TestDatabase } from "../servers/index.js";
import { blocksOf } from "./markdown.js";

/** A line of a README's shell blocks: what to type, and the exit code that it promises. */
interface Promised {
  readonly args: readonly string[];
  readonly code: number;
}

function promisesIn(text: string): Promised[] {
  const lines = text.split("\n").filter((line) => line.startsWith("zmigrate "));
  return lines.map((line) => ({
    args: (line.split("#")[0] ?? "").trim().split(/\s+/).slice(1),
    code: Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0),
  }));
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const folder = join("migrations-example", server.name === "postgres" ? "postgres" : "mysql");
  let db: TestDatabase;
  let example: Project;
  beforeEach(async () => {
    db = await server.createDatabase("example");
    example = project(db.url);
    cpSync(folder, example.folder, { recursive: true });
    // As the README says of MariaDB.
    if (server.name === "mariadb") {
      const config = readFileSync(join(folder, "zmigrate.config.json"), "utf8");
      example.write("zmigrate.config.json", config.replace('"mysql"', '"mariadb"'));
    }
  });
  afterEach(async () => {
    example.remove();
    await db.drop();
  });

  it("runs as its README tells", async () => {
    const steps = blocksOf(join(folder, "README.md"));
    for (const { language, text } of steps) {
      if (language === "sql") await query(db.url, text);
      if (language !== "sh") continue;
      for (const { args, code } of promisesIn(text)) {
        const result = await example.run(...args);
        expect(result.code, `zmigrate ${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(code);
      }
    }
    const rows = await query(db.url, "SELECT * FROM users WHERE id = 7");
    expect(rows).toMatchObject([{ email_address: "user7@example.com" }]);
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(["created_at", "email_address", "id", "name"]);
    const status = await example.run("status");
    expect(status.stdout.match(/nothing: it is finished/g)).toHaveLength(2);
  }, 180_000);

  it("needs one line, the same in each deploy", async () => {
    rmSync(join(example.folder, "README.md"));
    await example.run("apply", "--release", "1", "--to", "20260105090000");
    const deploy = async (release: string) => {
      const { code, stdout, stderr } = await example.run("apply", "--contract", "--park", "0", "--release", release);
      expect(code, stdout + stderr).toBe(0);
      const { migrations } = JSON.parse((await example.run("status", "--json")).stdout);
      return migrations[1].status;
    };
    expect([await deploy("2"), await deploy("2"), await deploy("3"), await deploy("4")]).toEqual([
      "backfilled",
      "backfilled",
      "contracting",
      "contracted",
    ]);
  }, 180_000);
});
