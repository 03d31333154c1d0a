import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { parseDirectoryArguments } from "../../../review/directory/arguments.ts";
import { importDirectory } from "../../../review/directory/import.ts";

/** What an import came to. */
export interface Imported {
  readonly code: number;
  readonly said: readonly string[];
  readonly complaints: readonly string[];
}

/** A folder with the files of an export in it. */
export interface ExportFolder {
  readonly folder: string;
  /** The file that imports write. */
  readonly out: string;
  readonly path: (name: string) => string;
  readonly write: (files: Readonly<Record<string, string | Buffer>>) => void;
  readonly read: (name: string) => string;
  /** Runs an import of some of the files; `words` are flags. */
  readonly run: (
    files: readonly string[],
    words?: readonly string[],
    env?: Record<string, string>,
  ) => Imported;
}

/** Runs `body` with files of an export in a folder that no git has. */
export async function withExport<T>(
  files: Readonly<Record<string, string | Buffer>>,
  body: (folder: ExportFolder) => Promise<T> | T,
): Promise<T> {
  return withTemporaryFolder((folder) => {
    const path = (name: string) => join(folder, name);
    const write: ExportFolder["write"] = (more) => {
      for (const [name, text] of Object.entries(more)) writeFileSync(path(name), text);
    };
    const out = path("out/directory.json");
    const run: ExportFolder["run"] = (names, words = [], env = {}) => {
      const said: string[] = [];
      const complaints: string[] = [];
      const request = parseDirectoryArguments(["import", ...names.map(path), ...words]);
      const code = importDirectory(
        { ...request, out: request.out ?? out },
        {
          env,
          refuseOut: () => undefined,
          say: (text) => said.push(text),
          complain: (text) => complaints.push(text),
        },
      );
      const short = (text: string) => text.replaceAll(`${folder}/`, "");
      return { code, said: said.map(short), complaints: complaints.map(short) };
    };
    write(files);
    return body({ folder, out, path, write, read: (name) => readFileSync(path(name), "utf8"), run });
  });
}

/** The id of a number, as Microsoft's ids look. */
export function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A user as Microsoft Graph has them. */
export function graphUser(
  number: number,
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    id: id(number),
    mail: `person.${number}@xyz.example`,
    userPrincipalName: `person.${number}@xyz.onmicrosoft.com`,
    displayName: `Person ${number}`,
    givenName: "Person",
    surname: String(number),
    department: "Engineering",
    jobTitle: "Engineer",
    accountEnabled: true,
    ...fields,
  };
}

/** A page of Microsoft Graph, as `az rest` prints it. */
export function page(value: readonly unknown[], fields: Readonly<Record<string, unknown>> = {}): string {
  const context = { "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryObjects" };
  return `${JSON.stringify({ ...context, ...fields, value }, null, 2)}\n`;
}

/** A link to a next page. */
export const NEXT = { "@odata.nextLink": "https://graph.microsoft.com/v1.0/next?$skiptoken=x" };
