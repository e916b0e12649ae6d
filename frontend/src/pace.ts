/** How many answers a second there are, and how late they come. */
const WINDOW_S = 2;

export class Pace {
  private done: { atS: number; delayMs: number }[] = [];

  /** Count an answer. */
  count(nowS: number, takenS: number): void {
    this.done.push({ atS: nowS, delayMs: (nowS - takenS) * 1000 });
    while (this.done[0].atS < nowS - WINDOW_S) this.done.shift();
  }

  get fps(): number {
    const passedS = this.done.length ? this.done[this.done.length - 1].atS - this.done[0].atS : 0;
    return passedS > 0 ? (this.done.length - 1) / passedS : 0;
  }

  /** Mean of the last two seconds. */
  get delayMs(): number {
    return this.done.length ? this.done.reduce((sum, { delayMs }) => sum + delayMs, 0) / this.done.length : 0;
  }
}
