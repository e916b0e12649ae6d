// Builds the components of the app's pages: `node build.mjs [FOLDER]`, without it into fer_core/ui/frontend.
// Names carry a hash of the content, so that browsers may keep every file for good; manifest.json says which is which.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = process.argv[2] ?? join(here, "../fer_core/ui/frontend");
const litert = join(here, "node_modules/@litertjs/core/wasm/litert_wasm_compat_internal");
// What a stale build is told by; the lock file stands for the packages.
const SOURCES = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json", "src"];
const COMMON = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["chrome111", "firefox115", "safari16.4"],
  loader: { ".css": "text" },
  write: false,
  logLevel: "warning",
};

const files = {};

function keep(name, extension, content, hashed = content) {
  const hash = createHash("sha256").update(hashed).digest("hex").slice(0, 12);
  files[name] = `${name}-${hash}.${extension}`;
  writeFileSync(join(target, files[name]), content);
  return files[name];
}

async function bundle(entry, options) {
  const built = await build({ ...COMMON, entryPoints: [join(here, "src", `${entry}.ts`)], ...options });
  return built.outputFiles[0].contents;
}

function* sourceFiles(path) {
  const listed = readdirSync(join(here, path), { withFileTypes: true });
  for (const item of listed) {
    const inner = join(path, item.name);
    if (item.isDirectory()) yield* sourceFiles(inner);
    else yield inner;
  }
}

function digestOfSources() {
  const paths = SOURCES.flatMap((path) => (path.includes(".") ? [path] : [...sourceFiles(path)]));
  const digest = createHash("sha256");
  for (const path of paths.map((path) => path.split(sep).join("/")).sort()) {
    digest.update(`${path}\0`).update(createHash("sha256").update(readFileSync(join(here, path))).digest());
  }
  return digest.digest("hex");
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const wasm = readFileSync(`${litert}.wasm`);
const packed = gzipSync(wasm, { level: 9 });
keep("litert-wasm", "wasm.gz", packed, wasm);
const glue = await transform(readFileSync(`${litert}.js`, "utf8"), { minify: true, legalComments: "inline" });
keep("litert", "js", glue.code);
keep("worker", "js", await bundle("worker", { format: "iife" }));
const digest = createHash("sha256").update(wasm).digest("hex");
const assets = { worker: files.worker, litert: files.litert, wasm: { name: files["litert-wasm"], digest, bytes: packed.length } };
for (const entry of ["live", "check"]) {
  keep(entry, "js", await bundle(entry, { format: "esm", define: { ASSETS: JSON.stringify(assets) } }));
}
const manifest = { sources: digestOfSources(), files: Object.fromEntries(Object.entries(files).sort()) };
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`built ${Object.keys(files).length} files in ${relative(process.cwd(), target) || "."}`);
