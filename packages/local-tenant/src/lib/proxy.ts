import { parseUrl } from "./parse-url.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that a download goes through. */
export interface Proxy {
  /** With the user's name and password, where the variable has them. It must never be printed. */
  readonly url: URL;
  /** For messages: the address without name and password, and the variable that names it. */
  readonly label: string;
}

/**
 * The variables that can name a proxy; the first one that is set counts. npm gives its own settings to the
 * scripts that it runs, so a proxy that only npm knows is found as well.
 */
const HTTPS = [
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "npm_config_https_proxy",
  "npm_config_proxy",
];
const EXCEPT = ["no_proxy", "NO_PROXY", "npm_config_noproxy"];
/** The names of this machine, under which the local tenant is reached. */
export const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/**
 * The proxy for an https address, or `undefined` where the environment names none, or excepts the host
 * (`NO_PROXY`, by curl's rules: a name stands for its subdomains too, with or without a dot before it, and
 * `*` for all).
 */
export function proxyFor(target: URL, env: Environment): Proxy | undefined {
  const found = first(HTTPS, env);
  if (found === undefined || isExcepted(target, first(EXCEPT, env)?.value ?? "")) return undefined;
  const text = found.value.includes("://") ? found.value : `http://${found.value}`;
  const url = parseUrl(text);
  if (url === undefined) {
    throw new Error(`${found.name} does not hold the address of a proxy, such as http://proxy.example:3128`);
  }
  return { url, label: `the proxy ${url.protocol}//${url.host} of ${found.name}` };
}

/**
 * Fills in what some programs would not find: wget reads the small letters only, Go does not read ALL_PROXY,
 * and none of them reads npm's settings.
 */
export function proxyVariables(env: Environment): Record<string, string> {
  const https = first(HTTPS, env)?.value;
  const except = first(EXCEPT, env)?.value;
  return {
    ...(https === undefined ? {} : { https_proxy: https, HTTPS_PROXY: env["HTTPS_PROXY"] || https }),
    ...(except === undefined ? {} : { no_proxy: except, NO_PROXY: env["NO_PROXY"] || except }),
  };
}

/**
 * What keeps a program from asking a proxy for the local tenant: curl, Python and Node.js would, Go would
 * not.
 */
export function loopbackVariables(env: Environment): { NO_PROXY: string; no_proxy: string } {
  const given = (first(EXCEPT, env)?.value ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  const value = [...new Set([...given, ...LOOPBACK])].join(",");
  return { NO_PROXY: value, no_proxy: value };
}

/**
 * The first of the variables that is set. An empty one counts as not set, because npm sets some to nothing.
 */
function first(names: readonly string[], env: Environment): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    // npm writes its default, which means no proxy, as a word.
    if (value !== undefined && value !== "" && value !== "null") return { name, value };
  }
  return undefined;
}

function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (port !== undefined && port !== (target.port || "443")) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}
