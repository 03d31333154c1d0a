/**
 * `npm run review:examples`: writes what README.md and docs/review.md show of a review, from the claims of
 * the sample company: the comment on a pull request, and what caught which mistake.
 */
import { runEntry } from "../../../packages/local-tenant/src/lib/entry.ts";
import { UsageError } from "../../../packages/local-tenant/src/lib/errors.ts";
import { commentPart, mistakesPart, write } from "./pages.ts";
import { verdicts } from "./run.ts";

await runEntry(async ([word]) => {
  if (word !== undefined)
    throw new UsageError(`npm run review:examples takes no arguments, and got "${word}".`);
  write(await commentPart());
  write(mistakesPart((await verdicts()).verdicts));
});
