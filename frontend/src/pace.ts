/** How many answers a second there are, how late they come, and what they take. */
const WINDOW_S = 2;

export class Pace {
  private done: { atS: number; delayMs: number; parts: Readonly<Record<string, number>> }[] = [];

  /** Count an answer. */
  count(nowS: number, takenS: number, parts: Readonly<Record<string, number>>): void {
    this.done.push({ atS: nowS, delayMs: (nowS - takenS) * 1000, parts });
    while (this.done[0].atS < nowS - WINDOW_S) this.done.shift();
  }

  get fps(): number {
    const passedS = this.done.length ? this.done[this.done.length - 1].atS - this.done[0].atS : 0;
    return passedS > 0 ? (this.done.length - 1) / passedS : 0;
  }

  /** Mean of the last two seconds. */
  get delayMs(): number {
    return this.mean(({ delayMs }) => delayMs);
  }

  /** Means of the last two seconds, in milliseconds. */
  get parts(): Record<string, number> {
    const names = Object.keys(this.done.at(-1)?.parts ?? {});
    return Object.fromEntries(names.map((name) => [name, Number(this.mean(({ parts }) => parts[name]).toFixed(1))]));
  }

  private mean(of: (done: (typeof this.done)[number]) => number): number {
    return this.done.length ? this.done.reduce((sum, done) => sum + of(done), 0) / this.done.length : 0;
  }
}
