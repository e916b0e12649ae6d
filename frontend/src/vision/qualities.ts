/** Steady qualities: measured a few times a second for each face; the counterpart of fer_core/vision/qualities.py. */
import { C } from "./constants";
import type { Raster } from "./picture";
import { type Measured, measureQuality, type Quality } from "./quality";

const { MEASURE_S, MOST_MEASURED, REMEMBERED } = C.qualities;

/** How well one face could be read of late. */
class Readability {
  newest: Quality[] = [];
  measuredS = -Infinity;

  get value(): number {
    return this.newest.length ? this.newest.reduce((sum, { value }) => sum + value, 0) / this.newest.length : 1;
  }

  get hints(): string[] {
    const named = new Set([...this.newest].reverse().flatMap(({ hints }) => hints));
    return [...named].filter((hint) => 2 * this.newest.filter(({ hints }) => hints.includes(hint)).length >= this.newest.length);
  }
}

/** The qualities of all faces of a stream, by id. */
export class Qualities {
  private faces = new Map<number, Readability>();

  /** Forget all faces but these. */
  keep(ids: readonly number[]): void {
    this.faces = new Map(ids.map((id) => [id, this.faces.get(id) ?? new Readability()]));
  }

  /** Measure the faces whose turn it is. */
  measure(luma: Raster, tracks: readonly (Measured & { readonly id: number })[], timeS: number): void {
    const measuredS = (id: number) => this.faces.get(id)?.measuredS ?? 0;
    const turn = tracks
      .filter(({ id }) => timeS - measuredS(id) >= MEASURE_S)
      .sort((one, other) => (measuredS(one.id) < measuredS(other.id) ? -1 : measuredS(one.id) > measuredS(other.id) ? 1 : 0))
      .slice(0, MOST_MEASURED);
    measureQuality(luma, turn).forEach((quality, at) => {
      const face = this.faces.get(turn[at].id);
      if (!face) return;
      face.newest = [...face.newest, quality].slice(-REMEMBERED);
      face.measuredS = timeS;
    });
  }

  /** The quality of a face, 0..1. */
  of(id: number): number {
    return this.faces.get(id)?.value ?? 1;
  }

  /** What troubles the face in focus, the worst first. */
  hints(focusId: number | null): string[] {
    return (focusId !== null && this.faces.get(focusId)?.hints) || [];
  }
}
