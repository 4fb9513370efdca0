import { parseMigrationName } from "../name.js";
import { byName, byNumber, type Layout } from "./layout.js";

/** zmigrate's own: 14 digits and a slug. */
export const own: Layout = Object.freeze<Layout>({
  tool: null,
  transaction: null,
  role: (path) => (parseMigrationName(path) === null ? null : "up"),
  compare: byName,
});

const PAIR = /^\d+_.*\.(up|down)\.sql$/s;

/** golang-migrate: a file for each way, by the versions' numbers; a file is sent as one message. */
export const golangMigrate: Layout = Object.freeze<Layout>({
  tool: "golang-migrate",
  transaction: "batch",
  role: (path) => (PAIR.exec(path)?.[1] as "up" | "down" | undefined) ?? null,
  compare: byNumber,
});

const VERSIONED = /^\d+.*\.sql$/s;
const numbered = (path: string): "up" | null => (VERSIONED.test(path) ? "up" : null);

/** Atlas sorts by the names. */
export const atlas: Layout = Object.freeze<Layout>({
  tool: "Atlas",
  transaction: "file",
  role: numbered,
  compare: byName,
});

/** dbmate sorts by the versions' letters. Which files are its own is known by their marks. */
export const dbmate: Layout = Object.freeze<Layout>({
  tool: "dbmate",
  transaction: "file",
  role: numbered,
  compare: byName,
});

const COUNTED = /^[Vv]?\d+[_.-].*\.sql$/s;
const BACK = /[._-](?:down|undo|rollback|revert)\.sql$/i;

/** Of no tool that is known: `001_users.sql`, `002_orders.sql`, `V0003.items.up.sql`, in the order of their numbers, as scripts of one's own run them. */
export const counted: Layout = Object.freeze<Layout>({
  tool: null,
  transaction: null,
  role: (path) => (!COUNTED.test(path) ? null : BACK.test(path) ? "down" : "up"),
  compare: byNumber,
});

/** sql-migrate runs every `.sql` file: those with a number in front first, by it. */
export const sqlMigrate: Layout = Object.freeze<Layout>({
  tool: null,
  transaction: null,
  role: (path) => (path.endsWith(".sql") ? "up" : null),
  compare: (a, b) => Number(!isNumbered(a)) - Number(!isNumbered(b)) || (isNumbered(a) ? byNumber(a, b) : byName(a, b)),
});

const isNumbered = (path: string): boolean => /^\d/.test(path);

/** goose and node-pg-migrate sort by the number at the beginning. */
export const marked: Layout = Object.freeze<Layout>({
  tool: null,
  transaction: null,
  role: numbered,
  compare: byNumber,
});
