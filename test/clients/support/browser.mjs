/**
 * A browser without script: it keeps cookies, follows redirects and sends forms. As in real browsers, cookies
 * belong to a host whatever the port, so that a tenant and an application on two ports of localhost share one
 * jar.
 */
export class Browser {
  #cookies = new Map();

  /** Opens a page and follows its redirects, but does not open an address that begins with `stopAt`. */
  async open(url, { method = "GET", form, stopAt } = {}) {
    let address = new URL(url);
    for (let hops = 0; hops < 20; hops += 1) {
      if (stopAt !== undefined && address.href.startsWith(stopAt))
        return { url: address, status: 0, text: "" };
      const response = await this.#request(address, method, form);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return {
          url: address,
          status: response.status,
          text: await response.text(),
          headers: response.headers,
        };
      }
      await response.arrayBuffer();
      address = new URL(location, address);
      if (response.status !== 307 && response.status !== 308) [method, form] = ["GET", undefined];
    }
    throw new Error(`Too many redirects, at ${address.href}`);
  }

  /**
   * Presses a button (`{ name, value }`) of the page's POST form, or sends the form as it is, with
   * `options.fields` filled in.
   */
  async submit(page, button, options = {}) {
    const wanted = Object.keys(options.fields ?? {});
    const form = page.text
      .match(/<form\b[^>]*method="?post"?[^>]*>[\s\S]*?<\/form>/gi)
      ?.find((text) => wanted.every((name) => text.includes(`name="${name}"`)));
    if (form === undefined) throw new Error(`${page.url.href} has no form: ${textOf(page)}`);
    const fields = new URLSearchParams();
    for (const [tag] of form.matchAll(/<input\b[^>]*>/gi)) {
      if (attribute(tag, "type") === "hidden")
        fields.set(attribute(tag, "name"), attribute(tag, "value") ?? "");
    }
    if (button !== undefined) {
      const shown = [...form.matchAll(/<button\b[^>]*>/gi)].some(
        ([tag]) => attribute(tag, "name") === button.name && attribute(tag, "value") === button.value,
      );
      if (!shown)
        throw new Error(`${page.url.href} has no button ${button.name}=${button.value}: ${textOf(page)}`);
      fields.set(button.name, button.value);
    }
    for (const [name, value] of Object.entries(options.fields ?? {})) fields.set(name, value);
    const action = new URL(attribute(form, "action") ?? page.url.href, page.url);
    return this.open(action.href, { ...options, method: "POST", form: fields });
  }

  /** Opens an authorization URL and picks an employee on the tenant's page. */
  async signIn(url, employee, options = {}) {
    const page = await this.open(url, options);
    if (page.status === 0) return page;
    return this.submit(page, { name: "employee", value: employee }, options);
  }

  /** Names of the cookies that a host would be sent. */
  cookieNames() {
    return [...this.#cookies.values()].map((cookie) => cookie.name);
  }

  async #request(address, method, form) {
    const sent = [...this.#cookies.values()].filter(
      (cookie) => cookie.host === address.hostname && address.pathname.startsWith(cookie.path),
    );
    const response = await fetch(address, {
      method,
      redirect: "manual",
      headers: {
        accept: "text/html",
        ...(sent.length > 0 ? { cookie: sent.map(({ name, value }) => `${name}=${value}`).join("; ") } : {}),
        // Django checks both on HTTPS, and browsers send them.
        ...(method === "POST" ? { origin: address.origin, referer: address.href } : {}),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(address, line);
    return response;
  }

  #keep(address, line) {
    const [pair, ...attributes] = line.split(";").map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf("="));
    const value = pair.slice(pair.indexOf("=") + 1);
    const options = new Map(
      attributes.map((text) => [text.split("=")[0].toLowerCase(), text.split("=")[1] ?? ""]),
    );
    const path = options.get("path") || "/";
    const key = `${address.hostname} ${path} ${name}`;
    const ended = options.get("max-age") === "0" || Date.parse(options.get("expires")) < Date.now();
    if (ended) this.#cookies.delete(key);
    else this.#cookies.set(key, { host: address.hostname, path, name, value });
  }
}

/** What a person reads on a page. */
export function textOf(page) {
  return unescape(page.text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " "))
    .trim()
    .slice(0, 600);
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value === undefined ? undefined : unescape(value);
}

function unescape(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return named[name] ?? all;
  });
}
