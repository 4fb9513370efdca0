import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { EngineName } from "../../src/engines/engine.js";
import type { Source, Starter } from "./types.js";

/** Official images. Another one is named by ZMIGRATE_TEST_POSTGRES_IMAGE and its like. */
const IMAGES: Readonly<Record<EngineName, string>> = Object.freeze({
  postgres: "postgres:18",
  mysql: "mysql:9",
  mariadb: "mariadb:11",
});

/** Where an engine listens; without one of these testcontainers is not even loaded. */
const SOCKETS = ["/var/run/docker.sock", join(homedir(), ".docker/run/docker.sock")] as const;

/**
 * Containers, where an engine answers and the image is there already: a test never pulls one in silence, neither the
 * server's nor testcontainers' own. Without the latter, a killed run leaves its containers behind.
 */
export const dockerSource: Source = Object.freeze({
  async offer(name: EngineName): Promise<Starter | string> {
    const { DOCKER_HOST: host = "" } = process.env;
    if (host === "" && !SOCKETS.some((path) => existsSync(path))) return "there is no Docker";
    const { getContainerRuntimeClient, ImageName } = await import("testcontainers");
    const client = await getContainerRuntimeClient().catch(() => null);
    if (client === null) return "Docker does not answer";
    const image = process.env[`ZMIGRATE_TEST_${name.toUpperCase()}_IMAGE`] ?? IMAGES[name];
    if (!(await client.image.exists(ImageName.fromString(image)))) return `Docker does not have the image ${image}`;
    process.env.TESTCONTAINERS_RYUK_DISABLED ??= "true";
    const { startContainers } = await import("./docker.js");
    return (options) => startContainers(name, image, options);
  },
});
