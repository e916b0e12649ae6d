/** The component that analyses live video in this browser; Python's side is fer_core/ui/live_browser.py. */
import type { Cleanup, Component } from "./streamlit";
import { type Assets, type LiveData, LiveView, type Python } from "./view";

declare const ASSETS: { worker: string; litert: string; wasm: { name: string; digest: string; bytes: number } };

const base = import.meta.url;
const assets: Assets = {
  worker: new URL(ASSETS.worker, base),
  script: new URL(ASSETS.litert, base),
  wasm: { url: new URL(ASSETS.wasm.name, base).href, digest: ASSETS.wasm.digest, bytes: ASSETS.wasm.bytes },
  // A component's files lie three levels below the app's address: _stcore/bidi-components/NAME.
  url: ({ name }) => new URL(`../../../media/${name}`, base).href,
};
const views = new WeakMap<object, LiveView>();

/** Called at first, and again whenever Python passes something. */
export default function live({ parentElement, data, setStateValue, setTriggerValue }: Component<LiveData>): Cleanup {
  const python: Python = {
    live: (on) => setStateValue("live", on),
    results: (results) => setTriggerValue("results", results),
  };
  const known = views.get(parentElement);
  if (known) known.update(data, assets, python);
  else views.set(parentElement, new LiveView(parentElement, data, assets, python));
  return () => {
    views.get(parentElement)?.end();
    views.delete(parentElement);
  };
}
