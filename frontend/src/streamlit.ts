/** What Streamlit's second kind of components gives to a component's default export. */
export interface Component<Data> {
  /** Where to draw: a shadow root, or an element where styles are not isolated. */
  parentElement: ShadowRoot | HTMLElement;
  /** What Python passed as ``data``. */
  data: Data;
  key: string;
  name: string;
  /** Keeps a value that Python reads in each later run. */
  setStateValue(name: string, value: unknown): void;
  /** Tells Python something once. */
  setTriggerValue(name: string, value: unknown): void;
}

/** Called when the component leaves the page. */
export type Cleanup = () => void;
