/** Runs the worker's networks in Node: the same code, the same WebAssembly. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import type { LiteRt } from "@litertjs/core";
import { startLiteRt } from "../src/networks";

const BASE = fileURLToPath(new URL("../node_modules/@litertjs/core/wasm/litert_wasm_compat_internal", import.meta.url));

/** Start LiteRT as a worker would. */
export function startInNode(): Promise<LiteRt> {
  const world = globalThis as Record<string, unknown>;
  world.self = globalThis;
  world.require = createRequire(import.meta.url);
  world.__filename = BASE;
  world.__dirname = BASE;
  world.importScripts = (path: string) => vm.runInThisContext(readFileSync(path, "utf8"));
  return startLiteRt(`${BASE}.js`, WebAssembly.compile(readFileSync(`${BASE}.wasm`)));
}
