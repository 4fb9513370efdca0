import { go, stop } from "../../engines/reading.js";
import { defineSignal, type Reader, type Watch, type Zod } from "../../engines/signal.js";
import { oneOrMore } from "./one-or-more.js";
import { get, headerProblem, nameOf, type Request, type RequestGiven, requestShape } from "./request.js";

const one = (z: Zod) =>
  z.preprocess((value) => (typeof value === "string" ? { url: value } : value), z.strictObject(requestShape(z)));

function reader(request: Request, { env }: Watch): Reader {
  const name = nameOf(request);
  return {
    async read() {
      const answer = await get(request, "", env);
      if ("none" in answer) return stop(`${name} ${answer.none}`);
      const { status } = answer;
      if (status >= 200 && status < 300) return go(`${name} answers ${status}`);
      const redirect = status >= 300 && status < 400 ? ": redirects are not followed" : "";
      return stop(`${name} answers ${status}${redirect}`);
    },
  };
}

/** A GET that answers with 2xx lets a backfill go on; any other answer, and none, stops it. */
export const http = defineSignal({
  name: "http",
  setting: (z) => oneOrMore<string | RequestGiven, Request>(z, one(z)),
  everyMs: 1_000,
  problem: (requests, around) => requests.map((r) => headerProblem(r, around)).find((p) => p !== null) ?? null,
  open: (requests, watch) => requests.map((request) => reader(request, watch)),
});
