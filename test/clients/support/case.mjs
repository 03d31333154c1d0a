import { createServer } from "node:net";

/** Runs the steps of one client's job. The last step that was begun is named when one fails. */
export async function job(body) {
  let current = "start";
  try {
    await body((name) => {
      current = name;
      console.log(`    ${name}`);
    });
  } catch (error) {
    console.error(`Failed at "${current}":`);
    console.error(error);
    process.exit(1);
  }
  // Some clients keep sockets or timers; a job that is done is done.
  process.exit(0);
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Calls `test` until it is true. */
export async function until(test, what, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not happen within ${milliseconds} ms`);
}
