import type { Kysely } from "kysely";
import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Read, Write } from "./ranges.js";
import { JOURNAL_VERSION, type JournalTables } from "./schema.js";

/** What the journal says of itself: its version, and the schema that it is about (PostgreSQL: names without a schema mean it). */
export interface Meta {
  /** 0 where a run was cut off before it had made the journal. @throws ZmigrateError journal-damaged */
  version(session: Session): Promise<number>;
  /** That what it says is meant for this program and this session. @throws ZmigrateError journal-newer, journal-elsewhere, journal-damaged */
  mustBeOurs(session: Session): Promise<void>;
  /** Notes the version, and the schema where none was noted; what `mustBeOurs` asks for holds. */
  keep(session: Session): Promise<void>;
}

/** The rows of `meta`. */
type Key = "version" | "schema";

export function metaOf(database: Database, db: Kysely<JournalTables>, run: Write, read: Read): Meta {
  const { journal, server } = database;
  const rows = async (session: Session): Promise<ReadonlyMap<string, string>> =>
    new Map((await read(session, db.selectFrom("meta").selectAll())).map(({ name, value }) => [name, value]));
  const add = (session: Session, name: Key, value: string) =>
    run(session, db.insertInto("meta").values({ name, value }));
  const versionIn = (found: ReadonlyMap<string, string>): number => {
    const value = found.get("version");
    if (value === undefined) return 0;
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    throw new ZmigrateError("journal-damaged", {
      table: "meta",
      row: "version",
      reason: `its value is not a version but ${JSON.stringify(value)}`,
    });
  };
  /** Null where the search path has no schema that is there. */
  const schemaOf = async (session: Session): Promise<string | null> => {
    if (journal.schema === undefined) return null;
    const [row] = await session.query<{ schema: string | null }>(journal.schema);
    return row?.schema ?? null;
  };
  return {
    version: async (session) => versionIn(await rows(session)),
    async mustBeOurs(session) {
      const found = await rows(session);
      const version = versionIn(found);
      if (version > JOURNAL_VERSION)
        throw new ZmigrateError("journal-newer", { found: version, known: JOURNAL_VERSION });
      const recorded = found.get("schema");
      if (recorded === undefined || journal.schema === undefined) return;
      const schema = await schemaOf(session);
      if (schema !== recorded)
        throw new ZmigrateError("journal-elsewhere", { target: server.target, recorded, found: schema });
    },
    async keep(session) {
      const found = await rows(session);
      // A schema that the first migration makes is noted by the next run.
      const schema = found.has("schema") ? null : await schemaOf(session);
      if (schema !== null) await add(session, "schema", schema);
      const [value, before] = [String(JOURNAL_VERSION), found.get("version")];
      if (before === undefined) await add(session, "version", value);
      else if (before !== value)
        await run(
          session,
          db.updateTable("meta").set({ value }).where("name", "=", "version").where("value", "=", before),
        );
    },
  };
}
