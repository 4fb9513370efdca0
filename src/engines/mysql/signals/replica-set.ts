import type { Session } from "../../engine.js";
import { describe } from "../execute/errors.js";
import { targetOf } from "../execute/url.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { type Discovery, discover } from "./discover.js";

/** A replica that is asked; `session` is null while it cannot be reached, with the reason. */
export interface Member {
  /** `host:port/database` */
  readonly name: string;
  readonly session: Session | null;
  readonly reason: string;
}

/** The replicas of a primary: those that were named and those that it knows. One that was seen stays expected. */
export interface ReplicaSet {
  /** Looks again, reconnects. Never throws. */
  members(): Promise<Member[]>;
  /** Why the set may be incomplete; null when it is not. */
  incomplete(): string | null;
  close(): Promise<void>;
}

/** How long what the primary said of its replicas is believed, milliseconds. */
const DISCOVERY_MS = 5_000;

interface Given {
  readonly primary: Session;
  readonly dialect: MysqlDialect;
  /** The primary's URL: replicas that are found by address are asked with the same user. */
  readonly url: string;
  readonly replicaUrls: readonly string[];
  readonly open: (url: string) => Promise<Session>;
}

function urlOf(primaryUrl: string, host: string, port: string): string {
  const url = new URL(primaryUrl);
  url.hostname = host.includes(":") ? `[${host}]` : host;
  url.port = port;
  url.searchParams.delete("socket");
  return url.href;
}

async function serverIdOf(session: Session): Promise<string> {
  const [row] = await session.query<{ id: string }>("SELECT @@server_id AS id");
  return String(row?.id ?? "");
}

function incompleteness(found: Discovery | null, named: number): string | null {
  if (named > 0) return null;
  if (found === null) return "the primary cannot be asked for its replicas";
  if (found.blind !== null)
    return `whether there are replicas is not known: ${found.blind}; or name them with --replica-url`;
  if (found.unnamed === 0) return null;
  return `${found.unnamed} connected replica(s) do not say where they are (report_host): name them with --replica-url`;
}

export function replicaSet(given: Given): ReplicaSet {
  const sessions = new Map<string, { session: Session; serverId: string }>();
  /** Expected addresses: by URL, with the server id where discovery told it. */
  const expected = new Map<string, string | null>(given.replicaUrls.map((url) => [url, null]));
  let found: Discovery | null = null;
  let foundAt = Number.NEGATIVE_INFINITY;

  const look = async () => {
    if (performance.now() - foundAt < DISCOVERY_MS) return;
    found = await discover(given.primary, given.dialect).catch(() => null);
    if (found !== null) foundAt = performance.now();
    const covered = new Set([...sessions.values()].map((s) => s.serverId));
    for (const replica of found?.replicas ?? [])
      if (!covered.has(replica.serverId)) expected.set(urlOf(given.url, replica.host, replica.port), replica.serverId);
  };

  const connect = async (url: string): Promise<Member> => {
    const name = targetOf(url);
    const known = sessions.get(url);
    if (known !== undefined && !known.session.lost.aborted) return { name, session: known.session, reason: "" };
    try {
      const session = await given.open(url);
      sessions.set(url, { session, serverId: await serverIdOf(session) });
      return { name, session, reason: "" };
    } catch (error) {
      return { name, session: null, reason: describe(error) };
    }
  };

  /** A primary shows its own beats at once: taken for a replica, it would never be behind. */
  const unlessPrimary = (member: Member): Member => {
    const own = [...sessions.values()].find((s) => s.session === member.session)?.serverId;
    if (own === undefined || own !== found?.serverId) return member;
    return { ...member, session: null, reason: "it is the primary itself, or has its server_id" };
  };

  return {
    async members() {
      // Named ones first: what they turn out to be need not be asked a second time by the address the primary knows.
      const named = await Promise.all(given.replicaUrls.map(connect));
      await look();
      const others = [...expected.keys()].filter((url) => !given.replicaUrls.includes(url));
      return [...named, ...(await Promise.all(others.map(connect)))].map(unlessPrimary);
    },
    incomplete: () => incompleteness(found, given.replicaUrls.length),
    async close() {
      await Promise.all([...sessions.values()].map((s) => s.session.close()));
    },
  };
}
