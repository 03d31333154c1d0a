import { main } from "./start/main.ts";

// Whoever read this, such as `head`, may be gone before the end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const code = await main(process.argv.slice(2), process.env);
// What was written to a pipe has to be on its way first. Then at once: the engine's libraries may hold the process open.
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit(code);
