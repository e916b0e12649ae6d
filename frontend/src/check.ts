import type { Cleanup, Component } from "./streamlit";

/** The connection check; drawn once, and again as what Python passes changes. */
export default function check(component: Component<Record<string, unknown>>): Cleanup {
  void component;
  return () => {};
}
