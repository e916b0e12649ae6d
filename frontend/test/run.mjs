// Bundles a script of this folder and runs it: `node test/run.mjs NAME [ARGUMENT …]`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [name, ...words] = process.argv.slice(2);
const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "fer-"));
const outfile = join(folder, "script.mjs");
const define = { "import.meta.url": JSON.stringify(new URL(`${name}.ts`, import.meta.url).href) };
await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, define, logLevel: "error" });
const { status } = spawnSync(process.execPath, [outfile, ...words], { stdio: "inherit" });
rmSync(folder, { recursive: true });
process.exit(status ?? 1);
