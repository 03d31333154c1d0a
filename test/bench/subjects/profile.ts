import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, sampleDirectoryFile } from "../../support/sample.ts";
import { press } from "../client/press.ts";
import { learn } from "../client/sign-in.ts";
import { rounded } from "../statistics.ts";
import { keepDeployed } from "./ours.ts";
import { serve } from "./serve.ts";

/** How much of the time in which the tenant's own thread was busy went to one place. */
export interface Share {
  readonly place: string;
  readonly percent: number;
}

/** What V8 writes down of a process: where it was at each moment at which it looked. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const PLACES = 16;
const OWN = /packages\/local-tenant\/src\/(?:([\w-]+)\/)?([\w.-]+)$/;

/**
 * Where a kept tenant's own thread spends its time in so many sign-ins. The sources are run, not a bundle.
 */
export async function profileSignIns(folder: string, signIns: number): Promise<Share[]> {
  const { state, port, target } = await keepDeployed(CHECKOUT, folder);
  const into = mkdtempSync(join(folder, "profile-"));
  const flags = ["--port", String(port), "--directory", sampleDirectoryFile, "--state", state];
  const main = "packages/local-tenant/src/cli/main.ts";
  const served = await serve({
    command: [
      process.execPath,
      "--cpu-prof",
      `--cpu-prof-dir=${into}`,
      "--import",
      "tsx",
      main,
      "start",
      ...flags,
    ],
    cwd: CHECKOUT,
    port,
    target: async () => target,
  });
  try {
    await press(await learn(await served.target()), 8, { signIns });
  } finally {
    await served.close();
  }
  const profiles = readdirSync(into).map((name) => {
    // SAFETY: what V8 writes; a member that is missing fails where it is used.
    return JSON.parse(readFileSync(join(into, name), "utf8")) as CpuProfile;
  });
  // The thread that loads modules has a profile of its own.
  const profile = profiles.find(({ nodes }) => nodes.some(({ callFrame }) => OWN.test(callFrame.url)));
  if (profile === undefined) throw new Error("The tenant has left no profile.");
  return sharesOf(profile);
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Share[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const place = places.get(id) ?? "";
    const time = timeDeltas[index] ?? 0;
    if (place === "" || time < 0) continue;
    total += time;
    times.set(place, (times.get(place) ?? 0) + time);
  }
  return [...times]
    .map(([place, time]) => ({ place, percent: rounded((time / total) * 100) }))
    .toSorted((one, other) => other.percent - one.percent)
    .slice(0, PLACES);
}

/** A room of the tenant, a package, a part of Node.js; nothing for a thread that waits. */
function placeOf({ functionName, url }: CpuProfile["nodes"][number]["callFrame"]): string {
  const own = OWN.exec(url);
  if (own !== null) return `${own[1] ?? own[2]} (ours)`;
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (installed?.[1] !== undefined) return installed[1];
  if (url.startsWith("node:"))
    return `Node.js: ${
      url
        .slice(5)
        .replace(/^internal\//, "")
        .split("/")[0]
    }`;
  if (functionName === "(idle)" || functionName === "(root)") return "";
  if (functionName === "(garbage collector)") return "garbage collection";
  return "native code";
}
