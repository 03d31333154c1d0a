const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };

/** The hidden fields of the page's form, which a browser sends along. */
export function hiddenFields(page: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of page.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gs)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const value = /\bvalue="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined && value !== undefined) fields[name] = plain(value);
  }
  return fields;
}

function plain(value: string): string {
  return value.replaceAll(/&(\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
