import type { Engine, EngineName, Version } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";

/** Which servers files are judged for. */
export interface JudgedVersion {
  readonly version: Version;
  /** Absent where one version is meant. */
  readonly newestVersion?: Version;
  /** What a person is told besides, ending in a full stop; null for nothing. */
  readonly note: string | null;
}

const TITLES: Readonly<Record<EngineName, string>> = { postgres: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" };

/**
 * Without a version every server that is supported. One that is newer than all that is known is judged as the newest of
 * them.
 *
 * @throws ZmigrateError usage: it is older than what is known, so that silence about it would mean nothing
 */
export function judgedVersion(given: Version | null, engine: Engine): JudgedVersion {
  const { name, oldestVersion, oldestKnown, newestVersion } = engine;
  if (given === null) return { version: oldestVersion, newestVersion, note: null };
  const range = `${shown(oldestKnown)} to ${shown(newestVersion)}`;
  const version = `${TITLES[name]} ${given.text}`;
  if (compare(given, oldestKnown) < 0) {
    throw new ZmigrateError("usage", {
      reason: `${version} (--server-version, or \`serverVersion\` of the configuration) is older than what zmigrate knows: ${range}.`,
      help: "Name a version of that range, or none, to judge for all that are supported.",
    });
  }
  if (compare(given, newestVersion) <= 0) return { version: given, note: null };
  const note = `${version} is newer than what zmigrate knows, ${range}: it is judged as ${shown(newestVersion)}.`;
  return { version: newestVersion, note };
}

/** Patch releases of what is known are known. */
function compare({ parts: a }: Version, { parts: b }: Version): number {
  const counted = Math.min(b.length, 2);
  for (let at = 0; at < counted; at++) {
    const [x = 0, y = 0] = [a[at], b[at]];
    if (x !== y) return x - y;
  }
  return 0;
}

/** `8.0.12` as `8.0`, `14.0` as `14`. */
const shown = ({ parts: [major = 0, minor = 0], text }: Version): string =>
  /^\d+$/.test(text) ? text : `${major}.${minor}`;
