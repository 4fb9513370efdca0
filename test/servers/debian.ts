import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cache.js";
import { findMysqld, findPrograms, identify, type MysqldProgram } from "./mysqld-program.js";
import { run } from "./run.js";

/** Whether servers can be installed here: null, or why not. */
export async function whyNotDebian(): Promise<string | null> {
  if (process.getuid?.() !== 0) return "nothing is installed for users other than root";
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID=debian$/m.test(release)) return "nothing is installed on systems other than Debian";
  return (await findPrograms("apt-get")).length > 0 ? null : "there is no apt-get";
}

/**
 * Installs MariaDB's programs from Debian; the package with the core only, which starts no server.
 *
 * @throws Error with apt's words
 */
export async function installMariadb(): Promise<MysqldProgram> {
  const install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "mariadb-server-core"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", install, { env });
  } catch {
    // The package lists of a fresh image are missing or name versions that are gone.
    await run("apt-get", ["update"], { env });
    await run("apt-get", install, { env });
  }
  const program = await findMysqld("mariadb");
  if (program === null) throw new Error("mariadb-server-core was installed, but there is no mariadbd");
  return program;
}

/**
 * Debian's stable suites have no MySQL, its unstable suite has. Downloads it with all it needs, down to the C library,
 * and unpacks it into a folder of the cache. The machine's own packages stay as they are.
 *
 * @throws Error with apt's words
 */
export async function unpackMysql(): Promise<MysqldProgram> {
  const arch = (await run("dpkg", ["--print-architecture"])).trim();
  const root = await cached(`mysql-debian-unstable-${arch}`, async (folder) => {
    await download(join(folder, "apt"));
    const archives = join(folder, "apt", "cache", "archives");
    for (const file of (await readdir(archives)).filter((name) => name.endsWith(".deb"))) {
      await run("dpkg", ["-x", join(archives, file), folder]);
    }
    await rm(join(folder, "apt"), { recursive: true });
    await unpackedMysql(folder);
  });
  return unpackedMysql(root);
}

/** An apt of its own: its sources, lists and cache, and a status file that says that nothing is installed. */
async function download(folder: string): Promise<void> {
  await mkdir(join(folder, "lists", "partial"), { recursive: true });
  await mkdir(join(folder, "cache", "archives", "partial"), { recursive: true });
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "status"), "");
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  await writeFile(join(folder, "sources.list"), `deb [signed-by=${keyring}] ${await mirror()} unstable main\n`);
  await writeFile(join(folder, "apt.conf"), aptConfiguration(folder));
  const env = { ...process.env, APT_CONFIG: join(folder, "apt.conf"), DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--download-only", "mysql-server-core"], { env });
}

function aptConfiguration(folder: string): string {
  return `Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "${folder}/empty";
Dir::Etc::preferences "${folder}/none";
Dir::Etc::preferencesparts "${folder}/empty";
Dir::State::lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Binary::apt-get::APT::Keep-Downloaded-Packages "true";
DPkg::Post-Invoke "";
APT::Update::Post-Invoke "";
Acquire::Languages "none";
`;
}

/** The mirror that this machine uses already; it may have no way to another. */
async function mirror(): Promise<string> {
  const parts = await readdir("/etc/apt/sources.list.d").catch(() => []);
  const files = ["/etc/apt/sources.list", ...parts.map((name) => join("/etc/apt/sources.list.d", name))];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const found = /^(?:URIs:|deb)\s.*?(https?:\/\/\S+\/debian)\/?(?=\s|$)/m.exec(texts.join("\n"));
  if (found?.[1] === undefined) throw new Error("apt's sources name no Debian mirror");
  return found[1];
}

/** Run by its own C library's loader, which makes a chroot unnecessary. */
async function unpackedMysql(root: string): Promise<MysqldProgram> {
  const file = join(root, "usr/sbin/mysqld");
  await access(file);
  const libraries = join(root, "usr/lib", await multiarch(join(root, "usr/lib")));
  const loader = (await readdir(libraries)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (loader === undefined) throw new Error(`no loader in ${libraries}`);
  return identify(
    join(libraries, loader),
    ["--library-path", libraries, file],
    [
      `--basedir=${root}/usr`,
      `--lc-messages-dir=${root}/usr/share/mysql`,
      `--character-sets-dir=${root}/usr/share/mysql/charsets`,
      `--plugin-dir=${root}/usr/lib/mysql/plugin`,
    ],
  );
}

/** `x86_64-linux-gnu`, as Debian names the folder of an architecture's libraries. */
async function multiarch(folder: string): Promise<string> {
  const found = (await readdir(folder)).find((name) => name.endsWith("-linux-gnu"));
  if (found === undefined) throw new Error(`no libraries in ${folder}`);
  return found;
}
