/** Tells our comment from all others; it is the first line of `zmigrate plan --format markdown`. */
export const MARKER = "<!-- zmigrate plan -->";

/** GitHub refuses longer bodies. */
const LONGEST = 65_536;
const TRIES = 3;
const PER_PAGE = 100;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** @returns {Promise<Response>} what the API says in the end; a failure of the server is tried again */
async function ask(api, token, method, path, body) {
  for (let tried = 1; ; tried += 1) {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "zmigrate-action",
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error) => error);
    const failed = response instanceof Error || response.status >= 500 || response.status === 429;
    if (!failed) return response;
    if (tried === TRIES)
      throw new Error(response instanceof Error ? response.message : `GitHub answers ${response.status}`);
    await wait(200 * 4 ** tried);
  }
}

/** Thrown where the token may not write comments: a fork's pull request, or a job without the permission. */
export class Forbidden extends Error {}

async function json(response) {
  if (response.status === 401 || response.status === 403 || response.status === 404)
    throw new Forbidden(`GitHub answers ${response.status}: this job may not write comments`);
  if (!response.ok) throw new Error(`GitHub answers ${response.status}`);
  return response.json();
}

/** Our comment, by its marker and an author who is a bot: what a person quotes is not ours. */
async function find(api, token, comments) {
  for (let page = 1; ; page += 1) {
    const listed = await json(await ask(api, token, "GET", `${comments}?per_page=${PER_PAGE}&page=${page}`));
    const own = listed.find((c) => c.body?.startsWith(MARKER) && c.user?.type === "Bot");
    if (own !== undefined) return own;
    if (listed.length < PER_PAGE) return null;
  }
}

/** Cut where a line ends, with a sentence that says so. */
export function fitting(body) {
  if (body.length <= LONGEST) return body;
  const rest = "\n\n_The rest does not fit into a comment: it is in the job's summary._\n";
  const cut = body.lastIndexOf("\n", LONGEST - rest.length);
  return `${body.slice(0, cut)}${rest}`;
}

/**
 * Keeps one comment in a pull request up to date.
 *
 * @param {{ api: string, token: string, repository: string, pullRequest: number }} where
 * @param {string} text begins with the marker
 * @returns {Promise<"created" | "updated" | "unchanged">}
 * @throws Forbidden where it may not
 */
export async function keepComment({ api, token, repository, pullRequest }, text) {
  const issues = `/repos/${repository}/issues`;
  const comments = `${issues}/${pullRequest}/comments`;
  const body = fitting(text);
  const own = await find(api, token, comments);
  if (own?.body === body) return "unchanged";
  if (own === null) {
    await json(await ask(api, token, "POST", comments, { body }));
    return "created";
  }
  await json(await ask(api, token, "PATCH", `${issues}/comments/${own.id}`, { body }));
  return "updated";
}
