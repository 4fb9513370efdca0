import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { ZmigrateError } from "../errors.js";

const run = promisify(execFile);

/** A user of this machine to run a server as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Debian's own first; `nobody` is everywhere; the last is made when neither is there. */
const CANDIDATES = ["postgres", "nobody"] as const;
const OWN = "zmigrate-postgres";

/**
 * The user that a PostgreSQL server must run as: null for the user of this process, an account without privileges
 * when that is root, whom PostgreSQL refuses.
 *
 * @throws ZmigrateError not-available
 */
export async function unprivilegedAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await readAccounts();
  for (const name of [...CANDIDATES, OWN]) {
    const account = accounts.find((a) => a.name === name && a.uid !== 0);
    if (account !== undefined) return account;
  }
  return createAccount();
}

async function createAccount(): Promise<Account> {
  try {
    await run("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OWN]);
  } catch (cause) {
    throw new ZmigrateError("not-available", whyNoAccount, { cause });
  }
  const made = (await readAccounts()).find((a) => a.name === OWN);
  if (made === undefined) throw new ZmigrateError("not-available", whyNoAccount);
  return made;
}

const whyNoAccount = Object.freeze({
  what: "PostgreSQL does not run as root, and this machine has no user to run it as.",
  help: "Run this as a user other than root, or create a user named postgres.",
});

/** The lines of /etc/passwd: name, password, uid, gid and the rest, divided by colons. */
async function readAccounts(): Promise<readonly Account[]> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name = "", , uid, gid]) => Object.freeze({ name, uid: Number(uid), gid: Number(gid) }));
}
