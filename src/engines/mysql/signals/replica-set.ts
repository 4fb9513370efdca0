import type { Session } from "../../engine.js";
import { type Kept, kept, within } from "../../kept.js";
import { replicaName, replicaReason, replicaUnusable } from "../../replica.js";
import { classify, describe } from "../execute/errors.js";
import { targetOf } from "../execute/url.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { type Discovery, discover } from "./discover.js";

/** A replica that is asked. */
export interface Member {
  /** `host:port/database` */
  readonly name: string;
  /** Null while it cannot be reached. */
  readonly session: Session | null;
  /** Why it cannot, with its name. */
  readonly reason: string;
  /** Gives up a session that does not answer; `members` opens a new one. */
  drop(): void;
  /** Has `members` look whether it is a replica still, where that was not just done: one that is promoted shows what it had. */
  doubt(): void;
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

/** After this long a replica that is doubted is looked at again, milliseconds. */
const DOUBT_MS = 3_000;

/** How long a replica may take to answer before it counts as too far behind, milliseconds. */
export const ANSWER_MS = 3_000;

interface Given {
  /** A session on the primary. */
  readonly primary: () => Promise<Session>;
  readonly dialect: MysqlDialect;
  /** The primary's URL: replicas that are found by address are asked with the same user. */
  readonly url: string;
  readonly replicaUrls: readonly string[];
  /** Those that the primary knows and nobody waits for: by host, or `host:port`. */
  readonly ignored: readonly string[];
  /** @throws ZmigrateError replica-unusable */
  readonly open: (primary: Session, url: string) => Promise<Session>;
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

/** An expected replica, and which server it turned out to be. */
interface Expected {
  readonly name: string;
  readonly link: Kept;
  serverId: string | null;
  openedAt: number;
}

export function replicaSet(given: Given): ReplicaSet {
  const expected = new Map<string, Expected>();
  let found: Discovery | null = null;
  let foundAt = Number.NEGATIVE_INFINITY;

  const expect = (url: string) => {
    if (expected.has(url)) return;
    const entry: Expected = {
      name: replicaName(url, targetOf),
      link: kept(async () => {
        const session = await given.open(await given.primary(), url);
        entry.serverId = await serverIdOf(session);
        entry.openedAt = performance.now();
        return session;
      }),
      serverId: null,
      openedAt: performance.now(),
    };
    expected.set(url, entry);
  };
  for (const url of given.replicaUrls) expect(url);
  const ignored = new Set(given.ignored.map((name) => name.toLowerCase()));
  const isIgnored = (host: string, port: string) =>
    [host, `${host}:${port}`].some((name) => ignored.has(name.toLowerCase()));

  const look = async () => {
    if (performance.now() - foundAt < DISCOVERY_MS) return;
    const asked = given.primary().then((primary) => discover(primary, given.dialect));
    found = await within(ANSWER_MS, asked).catch(() => null);
    if (found !== null) foundAt = performance.now();
    const covered = new Set([...expected.values()].map((e) => e.serverId));
    for (const { serverId, host, port } of found?.replicas ?? [])
      if (!covered.has(serverId) && !isIgnored(host, port)) expect(urlOf(given.url, host, port));
  };

  const reach = async (entry: Expected): Promise<Member> => {
    const { name, link } = entry;
    const { drop } = link;
    const doubt = () => {
      if (performance.now() - entry.openedAt > DOUBT_MS) drop();
    };
    try {
      return { name, session: await within(ANSWER_MS, link.session()), reason: "", drop, doubt };
    } catch (error) {
      const unusable = replicaUnusable(name, error, { classify, describe });
      return { name, session: null, reason: replicaReason(unusable), drop, doubt };
    }
  };

  return {
    async members() {
      // Named ones first: what they turn out to be need not be asked a second time by the address the primary knows.
      const named = [...expected.values()];
      const reached = await Promise.all(named.map(reach));
      await look();
      const others = [...expected.values()].filter((entry) => !named.includes(entry));
      return [...reached, ...(await Promise.all(others.map(reach)))];
    },
    incomplete: () => incompleteness(found, given.replicaUrls.length),
    async close() {
      await Promise.all([...expected.values()].map((e) => e.link.close()));
    },
  };
}
