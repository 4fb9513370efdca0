import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeServers, type TestServer } from "../servers/index.js";
import type { CliResult, Project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

interface Status {
  readonly id: string;
  readonly status: string;
  readonly fileProblem?: { readonly kind: string; readonly file: string; readonly reason: string };
  readonly next: string;
}

/** What every command but `status` refuses as `apply` does. */
const REFUSING = [["apply"], ["apply", "--dry-run"], ["apply", "--dry-run", "--json"], ["plan"], ["verify"]] as const;

describeServers(["postgres", "mysql", "mariadb"], (server: TestServer) => {
  const own = suite();

  async function statusOf(p: Project): Promise<Status> {
    const { stdout } = await works(p.run("status", "--json"));
    const { migrations } = JSON.parse(stdout) as { migrations: readonly Status[] };
    const found = migrations.find((m) => m.id === ID);
    if (found === undefined) throw new Error(`no ${ID} in ${stdout}`);
    return found;
  }

  /** All say the same sentence, with the same exit code. */
  async function expectRefused(p: Project, sentence: string): Promise<void> {
    for (const args of REFUSING) {
      const { code, stderr }: CliResult = await p.run(...args);
      expect({ args, code, stderr }).toMatchObject({ args, code: 2, stderr: expect.stringContaining(sentence) });
    }
  }

  it("says of a file that was edited after its migration had begun", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    await works(p.run("apply", "--release", "r1"));
    expect((await statusOf(p)).fileProblem).toBeUndefined();
    p.write(FILE, `${RENAME}-- and more\n`);
    await expectRefused(p, `${join(p.folder, FILE)} was edited after it was applied (started 2`);
    const { fileProblem, status, next } = await statusOf(p);
    expect({ fileProblem, status }).toMatchObject({
      fileProblem: { kind: "edited", file: join(p.folder, FILE) },
      status: "backfilled",
    });
    expect(next).toContain("`zmigrate apply` refuses it");
    expect(next).toContain("Put the file back as it was");
    expect((await works(p.run("status"))).stdout).toContain(
      `  file  ${join(p.folder, FILE)} was edited after it was applied`,
    );
    p.write(FILE, RENAME.replaceAll("\n", "\r\n"));
    renameSync(join(p.folder, FILE), join(p.folder, `migrations/${ID}_another_name.sql`));
    await works(p.run("plan"));
    await works(p.run("verify"));
    expect((await statusOf(p)).fileProblem).toBeUndefined();
  });

  it("says of a file that is missing while its migration is not finished", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    await works(p.run("apply", "--release", "r1"));
    rmSync(join(p.folder, FILE));
    await expectRefused(p, `file is missing: it was ${join(p.folder, FILE)}`);
    expect(await statusOf(p)).toMatchObject({
      fileProblem: { kind: "missing", file: join(p.folder, FILE) },
      status: "backfilled",
    });
    expect((await works(p.run("status"))).stdout).toMatch(/next: `zmigrate apply` refuses it\. Put the file back/);
    // As the help says: taking it back needs no file.
    await works(p.run("rollback", ID));
    for (const args of [["plan"], ["apply", "--dry-run"], ["apply"]])
      expect((await works(p.run(...args))).stdout).toContain(
        `Nothing to do: ${ID} was rolled back and its file is gone;`,
      );
    const { fileProblem, next } = await statusOf(p);
    expect({ fileProblem, next }).toEqual({ next: "nothing: it was rolled back, and its file is gone" });
  });

  it("lets a file be edited of which nothing has run, as apply does", async () => {
    const bad = "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 'no number');\n";
    const { project: p } = await own.scene(server, 10, bad);
    expect((await p.run("apply")).code).toBe(3);
    p.write(FILE, "CREATE TABLE fresh (id int PRIMARY KEY, n int DEFAULT 7);\n");
    for (const args of [["plan"], ["apply", "--dry-run"]])
      expect((await works(p.run(...args))).stdout).toContain("DEFAULT 7");
    await works(p.run("verify"));
    const { fileProblem, next } = await statusOf(p);
    expect({ fileProblem, next }).toMatchObject({ next: expect.stringContaining("begins it anew from its file") });
    await works(p.run("apply"));
  });

  it("shows with --dry-run --to what apply --to would run", async () => {
    const { project: p } = await own.scene(server, 10, RENAME);
    p.write("migrations/20260102000000_later.sql", "CREATE TABLE later (id int PRIMARY KEY);\n");
    const { stdout } = await works(p.run("apply", "--dry-run", "--to", ID));
    expect(stdout).toContain(ID);
    expect(stdout).not.toContain("20260102000000");
    expect((await p.run("apply", "--dry-run", "--to", "20990101000000")).code).toBe(2);
  });
});
