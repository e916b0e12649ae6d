import { collectFacts, onFactsChange } from "./facts";
import { Probe } from "./probe";
import type { Cleanup, Component } from "./streamlit";
import { Watch } from "./watch";

/** What Python passes: a new number in ``ask`` asks for a check of the network. */
export interface Data {
  session: string;
  ask: number;
  configuration: RTCConfiguration | null;
  answer: { ask: number; sdp: string | null } | null;
}

interface Kept {
  component: Component<Data>;
  asked: number;
  accepted: number;
  probe: Probe | null;
  watch: Watch;
  session: string;
  stop: Cleanup;
}

const kept = new WeakMap<object, Kept>();

/** The connection check; drawn once, and again as what Python passes changes. It shows nothing itself. */
export default function check(component: Component<Data>): Cleanup {
  const owner = component.parentElement;
  const mine = kept.get(owner) ?? begin(component);
  kept.set(owner, mine);
  mine.component = component;
  const { ask, configuration, answer, session } = component.data;
  if (session !== mine.session) {
    // The server was restarted: what this page said to the last session is said again.
    mine.session = session;
    mine.asked = 0;
    mine.accepted = 0;
    mine.watch.tell();
    void tellFacts(mine);
  }
  if (configuration && ask > mine.asked) {
    mine.asked = ask;
    void findWays(mine, ask, configuration);
  } else if (answer && answer.ask === mine.asked && answer.ask > mine.accepted) {
    mine.accepted = answer.ask;
    void tryPath(mine, answer.ask, answer.sdp);
  }
  return () => {
    mine.stop();
    mine.watch.stop();
    mine.probe?.close();
    kept.delete(owner);
  };
}

function begin(component: Component<Data>): Kept {
  const mine: Kept = {
    component,
    asked: 0,
    accepted: 0,
    probe: null,
    watch: new Watch((camera) => say(mine, "camera", camera)),
    session: component.data.session,
    stop: onFactsChange(() => void tellFacts(mine)),
  };
  mine.watch.begin();
  void tellFacts(mine);
  return mine;
}

async function tellFacts(mine: Kept): Promise<void> {
  say(mine, "facts", await collectFacts());
}

/** What is kept, and sent again with whatever else the page sends: it stays small. The session's name is part of each value: what is equal to the last would not be sent, though the server be another. */
function say(mine: Kept, name: string, value: object): void {
  mine.component.setStateValue(name, { ...value, session: mine.session });
}

async function findWays(mine: Kept, ask: number, configuration: RTCConfiguration): Promise<void> {
  mine.probe?.close();
  mine.probe = new Probe();
  const ways = await mine.probe.findWays(configuration);
  if (mine.asked === ask) mine.component.setTriggerValue("ways", { ask, ...ways });
}

async function tryPath(mine: Kept, ask: number, sdp: string | null): Promise<void> {
  const path = mine.probe && sdp ? await mine.probe.tryPath(sdp) : { state: "failed" };
  mine.probe?.close();
  if (mine.asked === ask) mine.component.setTriggerValue("path", { ask, ...path });
}
