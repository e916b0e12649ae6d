import type { Cleanup, Component } from "./streamlit";

declare const ASSETS: { worker: string; litert: string; wasm: string };

/** The live video that is analysed in this browser. */
export default function live(component: Component<Record<string, unknown>>): Cleanup {
  const worker = new Worker(new URL(ASSETS.worker, import.meta.url));
  void component;
  return () => worker.terminate();
}
