import type { EngineName } from "../../src/engines/engine.js";

/** Starts and ends one server process of ours. Its data and its port stay the same. */
export interface Control {
  /** Null while it does not run. */
  pid(): number | null;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** kill -9. */
  crash(): Promise<void>;
}

/** A server as its source hands it out. URLs carry an administrator's name and password. */
export interface RunningServer {
  readonly name: EngineName;
  readonly url: string;
  readonly replicaUrl: string | null;
  /** Null for a server that is not ours to end. */
  readonly primary: Control | null;
  readonly replica: Control | null;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The server must have a replica. */
  readonly replica?: boolean;
  /** MySQL and MariaDB: more of the server's settings, from the day its data is made: `--lower-case-table-names=1`. */
  readonly settings?: readonly string[];
}

/** Starts a server that a source has found. */
export type Starter = (options: ServerOptions) => Promise<RunningServer>;

/** Where servers come from. */
export interface Source {
  /** What to start the server with, or the reason why there is none here. */
  offer(name: EngineName): Promise<Starter | string>;
}

/** A server that cannot be had on this machine, and why. */
export class ServerMissing extends Error {
  override readonly name = "ServerMissing";
  readonly server: EngineName;
  readonly reason: string;
  constructor(server: EngineName, reason: string) {
    super(`no ${server} server: ${reason}`);
    this.server = server;
    this.reason = reason;
  }
}
