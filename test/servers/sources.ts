import type { EngineName } from "../../src/engines/engine.js";
import { dockerSource } from "./source-docker.js";
import { embeddedSource } from "./source-embedded.js";
import { envSource } from "./source-env.js";
import { debianSource, mysqldSource } from "./source-mysqld.js";
import { type RunningServer, ServerMissing, type ServerOptions, type Source } from "./types.js";

/** Asked in this order; the first that has the server starts it. */
const SHARED: readonly Source[] = Object.freeze([envSource, dockerSource, embeddedSource, mysqldSource, debianSource]);

/** A server that a test may break is never somebody else's. */
const PRIVATE: readonly Source[] = SHARED.filter((source) => source !== envSource);

/**
 * Starts a server, or takes the one that the environment names.
 *
 * @throws ServerMissing: no source has it, or the one that has it cannot start it
 */
export async function startServer(
  name: EngineName,
  options: ServerOptions & { readonly private: boolean },
): Promise<RunningServer> {
  const reasons: string[] = [];
  for (const source of options.private ? PRIVATE : SHARED) {
    const offer = await source.offer(name);
    if (typeof offer === "string") {
      reasons.push(offer);
      continue;
    }
    return offer(options).catch((error: unknown) => {
      throw new ServerMissing(name, error instanceof Error ? error.message : String(error));
    });
  }
  throw new ServerMissing(name, reasons.join("; "));
}
