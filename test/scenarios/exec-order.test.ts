import { expect, it } from "vitest";
import { describeServers } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const EARLY = "20251231000000";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();

  it("refuses, leaves out or runs a file that stands before what has run, as it is told", async () => {
    const { project: p } = await bareScene(server, fixtures, [], { a: "CREATE TABLE a (id int PRIMARY KEY);\n" });
    await works(p.run("apply", "--exec-order", "linear"));
    const early = `migrations/${EARLY}_b.sql`;
    p.write(early, "CREATE TABLE b (id int PRIMARY KEY);\n");
    for (const command of ["apply", "plan"]) {
      const { code, stdout, stderr } = await p.run(command, "--exec-order", "linear");
      expect({ code, told: stdout + stderr }).toMatchObject({ code: 1, told: expect.stringContaining(early) });
      expect(stdout + stderr).toContain("--exec-order non-linear");
    }
    const skip = ["--exec-order", "linear-skip"];
    for (const command of ["apply", "plan"])
      expect((await works(p.run(command, ...skip))).stdout).toContain(`Nothing to do: ${EARLY} is left out`);
    expect((await works(p.run("status", ...skip))).stdout).toContain("leaves it out");
    const later = `migrations/20260201000000_c.sql`;
    p.write(later, "CREATE TABLE c (id int PRIMARY KEY);\n");
    expect((await works(p.run("apply", ...skip))).stdout).toContain(
      `Left out, as they stand before one that has run: ${EARLY}`,
    );
    await works(p.run("wait", ...skip, "--timeout", "0"));
    expect(await p.run("wait", "--timeout", "0")).toMatchObject({ code: 4 });
    await works(p.run("apply"));
    expect((await works(p.run("status"))).stdout).not.toContain("pending");
    expect((await p.run("apply", "--exec-order", "atlas")).code).toBe(2);
  }, 60_000);
});
