import { shellWord } from "../strategies/osc.js";
import type { Osc } from "./index.js";
import type { Job } from "./tool.js";

const plain = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word));

/** As a shell takes it, for people. */
export const commandOf = ({ tool, path }: Osc, job: Job): string => [path, ...tool.args(job)].map(plain).join(" ");

/** What only a run knows. */
export const UNKNOWN: Pick<Job, "place" | "file" | "folder"> = Object.freeze({
  place: Object.freeze({ host: "HOST", port: "PORT", socket: null, tls: null }),
  file: "FILE",
  folder: "FOLDER",
});
