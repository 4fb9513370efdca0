import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

describeServer("postgres", (server) => {
  const own = suite();

  it("a right that a file takes with all others, and another file gives, is there when both are through", async () => {
    const { url, project: p } = await bareScene(server, own, ["CREATE TABLE t (id int)", "GRANT ALL ON t TO PUBLIC"], {
      revoke: "REVOKE ALL ON t FROM PUBLIC;\n",
      grant: "GRANT SELECT ON t TO PUBLIC;\n",
    });
    const apply = (release: string, ...more: string[]) =>
      p.run("apply", "--contract", "--release", release, "--park", "0", ...more);
    await works(apply("r1", "--to", "20260101000000"));
    const early = await apply("r1");
    expect(early).toMatchObject({ code: 4 });
    expect(early.stderr.replaceAll(/\s+/g, " ")).toContain("has yet to take ALL on t of PUBLIC away");
    await works(apply("r2", "--to", "20260101000000"));
    await works(apply("r2"));
    expect(await query(url, "SELECT relacl::text LIKE '%,=r/%' AS it FROM pg_class WHERE relname = 't'")).toEqual([
      { it: true },
    ]);
  });
});
