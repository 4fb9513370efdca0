import type { TestProject } from "vitest/node";
import { openBroker } from "./broker.js";
import { useMemory } from "./temporary.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where test files ask for servers. */
    serverBroker: string;
  }
}

/** Nothing is started here: a run of tests that need no server costs none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removeTemporary = useMemory();
  const broker = await openBroker();
  project.provide("serverBroker", broker.address);
  return () => broker.close().finally(removeTemporary);
}
