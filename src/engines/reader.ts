import type { Session } from "./engine.js";

/** Where a reader's session comes from. */
export interface ReaderSources {
  /** A session on the primary. */
  primary(): Promise<Session>;
  /** A session on a replica that was named. @throws ZmigrateError replica-unusable */
  replica(primary: Session, url: string): Promise<Session>;
}

/** @param settings statements that make a session one that only reads: of the session, so that they hold for whatever it runs */
export async function openReader(
  sources: ReaderSources,
  replicaUrl: string | null,
  settings: string,
): Promise<Session> {
  const primary = await sources.primary();
  const session =
    replicaUrl === null ? primary : await sources.replica(primary, replicaUrl).finally(() => primary.close());
  await session.query(settings);
  return session;
}
