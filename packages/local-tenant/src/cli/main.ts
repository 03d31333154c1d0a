#!/usr/bin/env node
import { runEntry } from "../lib/entry.ts";
import { runCommand } from "./command.ts";
import { PACKAGE_DEFAULTS } from "./options.ts";

await runEntry((args) => runCommand(args, PACKAGE_DEFAULTS));
