import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { readThrottle, type ThrottleConfig } from "../../src/config/throttle.js";
import { MYSQL_SIGNALS } from "../../src/engines/mysql/signals/index.js";
import { POSTGRES_SIGNALS } from "../../src/engines/postgres/signals/index.js";
import type { SignalKind } from "../../src/engines/signal.js";
import { lazyCode } from "../../src/files/code/load.js";
import { SIGNALS } from "../../src/throttle/signals/index.js";
import { blocksOf, linksOf, tableOf } from "./markdown.js";

const FILE = "docs/backfill.md";
const HEAD = "| signal | setting | default | on | stops while | needs |";

/** The names of signals, by the databases that have them. */
const namesOf = (kinds: readonly SignalKind[]): readonly string[] => kinds.map((kind) => kind.name);

it("lists every signal, the databases that have it, and its default", () => {
  const kinds: readonly SignalKind[] = [...SIGNALS, ...POSTGRES_SIGNALS, ...MYSQL_SIGNALS];
  const rows = tableOf(FILE, HEAD).map((row) => row.map((cell) => cell.replaceAll("`", "")));
  expect(rows.map(([name]) => name).sort()).toEqual([...new Set(namesOf(kinds))].sort());
  for (const [name = "", , byDefault = "", on] of rows) {
    const [postgres, mysql] = [POSTGRES_SIGNALS, MYSQL_SIGNALS].map((of) =>
      namesOf([...SIGNALS, ...of]).includes(name),
    );
    expect(on, name).toBe(postgres && mysql ? "all" : postgres ? "PostgreSQL" : "MySQL, MariaDB");
    const kind = kinds.find((k) => k.name === name);
    if (byDefault === "off") expect(kind?.byDefault, name).toBeNull();
    else
      expect(readThrottle(FILE, { [name]: JSON.parse(byDefault) } as ThrottleConfig, {}).signals[name], name).toEqual(
        kind?.byDefault,
      );
  }
});

it("shows a backfill in TypeScript that runs", async () => {
  const [text = ""] = blocksOf(FILE).flatMap((block) => (block.language === "ts" ? [block.text] : []));
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { readonly body: string }) => {
    asked.push(JSON.parse(body));
    return { ok: true, json: async () => ["en", "de"] };
  });
  try {
    const code = await lazyCode("20260101000000_languages.backfill.ts", text).load();
    expect(code).toMatchObject({ select: ["title", "body"], update: ["language"], rows: 200, concurrency: 4 });
    const rows = [
      { key: ["1"], values: { title: "One", body: null } },
      { key: ["2"], values: { title: "Eins", body: "Zwei" } },
    ];
    const context = { signal: new AbortController().signal } as Parameters<typeof code.map>[1];
    expect(await code.map(rows, context)).toEqual([
      { key: ["1"], set: { language: "en" } },
      { key: ["2"], set: { language: "de" } },
    ]);
    expect(asked).toEqual([["One ", "Eins Zwei"]]);
  } finally {
    vi.unstubAllGlobals();
  }
});

it("shows a configuration that is one, and links to files that are there", () => {
  const [json] = blocksOf(FILE).filter((block) => block.language === "json");
  const { throttle } = JSON.parse(json?.text ?? "") as { throttle: ThrottleConfig };
  expect(Object.keys(readThrottle(FILE, throttle, {}).signals).sort()).toEqual(Object.keys(throttle).sort());
  expect(linksOf(FILE).filter((link) => !existsSync(join("docs", link)))).toEqual([]);
});
