import { ACCOUNTS } from "./accounts.js";
import { ADMINISTRATION } from "./administration.js";
import { LOCKS } from "./locks.js";
import { OBJECTS } from "./objects.js";
import { OPAQUE } from "./opaque.js";
import type { Phrase } from "./phrase.js";
import { SHOW } from "./show.js";
import { TRANSACTION } from "./transaction.js";

/** All statements whose grammar is a pattern. Of those that fit the first one is taken. */
export const PHRASES: readonly Phrase[] = [
  ...TRANSACTION,
  ...SHOW,
  ...ADMINISTRATION,
  ...LOCKS,
  ...OPAQUE,
  ...OBJECTS,
  ...ACCOUNTS,
];
