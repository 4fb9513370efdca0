import { byName, type Layout } from "./layout.js";

/** Knex: JavaScript or TypeScript, by the names; one transaction a file unless its `config` says otherwise. */
export const knex: Layout = Object.freeze<Layout>({
  tool: "Knex",
  transaction: "file",
  role: (path) => (/^\d+_.*\.[cm]?[jt]s$/s.test(path) && !path.endsWith(".d.ts") ? "up" : null),
  compare: byName,
});
