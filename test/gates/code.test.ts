import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readGates } from "../../src/config/gates.js";
import { code } from "../../src/gates/code.js";
import type { GateContext } from "../../src/gates/gate.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-code-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (text: string, column = "user_email", sides: object[] = []) => {
  writeFileSync(join(folder, "users.ts"), text);
  const settings = readGates("zmigrate.config.json", { code: join(folder, "*.ts") }, {});
  const retires = [{ relation: { schema: null, name: "users" }, column }];
  return code.check({ settings, stage: "swap", record: { plan: { retires, sides } } } as unknown as GateContext);
};

it("is closed for a file that names the column as a word, however it is spelt", async () => {
  for (const text of [
    "user_email",
    "x.USER_EMAIL = 1",
    "user.userEmail",
    "class UserEmail {}",
    "$user_email = 1",
    '"user_email"',
  ])
    expect(await check(`// one\n${text}\n`), text).toMatchObject({
      state: "closed",
      reason: `user_email is in ${join(folder, "users.ts")}:2`,
    });
  for (const text of ["user_emails", "my_user_email", "useremails", "éuser_email", ""])
    expect(await check(text), text).toMatchObject({ state: "open", evidence: { files: 1, places: [] } });
  expect(await check("a\nb\n".repeat(9), "a")).toMatchObject({ reason: expect.stringMatching(/:9, and 4 more$/) });
});

it("takes a name as it is, whatever it looks like", async () => {
  expect(await check("a.c abc", "a.c")).toMatchObject({ state: "closed" });
  expect(await check("abc", "a.c")).toMatchObject({ state: "open" });
  expect(await check("x['user-email']", "user-email")).toMatchObject({ state: "closed" });
});

it("has nothing to ask where the name stays, or no file is named, and no answer where there is no file", async () => {
  expect(
    await check("user_email", "user_email", [{ relation: { schema: null, name: "users" }, swapped: "user_email" }]),
  ).toBeNull();
  expect(
    await code.check({
      settings: { env: {} },
      stage: "swap",
      record: { plan: { retires: [] } },
    } as unknown as GateContext),
  ).toBeNull();
  rmSync(join(folder, "users.ts"));
  const settings = readGates("zmigrate.config.json", { code: join(folder, "*.ts") }, {});
  const retires = [{ relation: { schema: null, name: "users" }, column: "a" }];
  const asked = code.check({ settings, stage: "swap", record: { plan: { retires } } } as unknown as GateContext);
  await expect(asked).rejects.toMatchObject({ code: "file-not-found" });
});
