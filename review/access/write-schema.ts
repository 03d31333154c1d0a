import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { accessSchema } from "./schema.ts";

/**
 * `npm run schema`: writes the schema of `access.yaml` for editors, from the table that its reader goes by.
 */
const file = fileURLToPath(new URL("../access.schema.json", import.meta.url));
writeFileSync(file, await format(JSON.stringify(accessSchema()), { parser: "json", printWidth: 110 }));
